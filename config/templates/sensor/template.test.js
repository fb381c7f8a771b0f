// @ts-check
import test from 'node:test'
import { marbles } from 'sensor-reporter/testing'
import { templateSensor } from './template.js'

test('measures at once and then every period', () =>
  marbles(({ expectObservable }) => {
    const values = [20, 21, 22]
    const sensor$ = templateSensor({ destination: 'place', period: 3 }, () => values.shift() ?? NaN)

    // A character is a millisecond, which takes no time here.
    const subscription = '^-------!'
    const expected = '    a--b--c-'
    expectObservable(sensor$, subscription).toBe(expected, {
      a: { destination: 'place', value: 20 },
      b: { destination: 'place', value: 21 },
      c: { destination: 'place', value: 22 },
    })
  }))
