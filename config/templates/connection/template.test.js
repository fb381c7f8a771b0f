// @ts-check
import assert from 'node:assert/strict'
import test from 'node:test'
import { marbles } from 'sensor-reporter/testing'
import { templateConnection } from './template.js'

test('writes what is addressed to it, hears no commands, and completes with the readings', () => {
  /** @type {string[]} */
  const written = []
  marbles(({ cold, expectObservable }) => {
    // A character is a millisecond, which takes no time here.
    const readings = '-a-b-c-|'
    const expected = '-------|'
    const readings$ = cold(readings, {
      a: { destination: 'place', value: 20 },
      b: { destination: 'place', value: 21, to: ['template'] },
      c: { destination: 'place', value: 22, to: ['another'] },
    })
    expectObservable(readings$.pipe(templateConnection('template', (line) => written.push(line)))).toBe(
      expected,
    )
  })
  assert.deepEqual(written, ['place 20', 'place 21'])
})
