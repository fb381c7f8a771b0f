import { test } from 'vitest'
import { refreshable } from '../../src/operators/refreshable.js'
import { marbles } from '../support/marbles.js'

test('a refresh does not repeat what the broker keeps', () => {
  marbles(({ hot, expectObservable }) => {
    const values = {
      s: { destination: 'bluetooth', value: 'LISTENING', retain: true as const },
      a: { destination: 'attic', value: 21 },
    }
    const readings = '-s-a---'
    const refresh = ' -----r-'
    const expected = '-s-a-a-'
    expectObservable(hot(readings, values).pipe(refreshable(hot(refresh)))).toBe(expected, values)
  })
})
