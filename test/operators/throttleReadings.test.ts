import { describe, it } from 'vitest'
import type { Reading } from '../../src/model.js'
import { throttleReadings } from '../../src/operators/throttleReadings.js'
import { marbles } from '../../src/testing/marbles.js'

const values: Record<string, Reading> = {
  a: { destination: 'attic', value: 21 },
  b: { destination: 'attic', value: 22 },
  c: { destination: 'attic', value: 23 },
  x: { destination: 'cellar', value: 9 },
  p: { destination: 'button', value: 1, event: true },
}

describe('throttleReadings', () => {
  it.each([
    ['says nothing about nothing', '-', '-'],
    ['completes with its source', '--|', '--|'],
    ['passes the first reading at once', '-a---------', '-a---------'],
    ['passes the latest when the period is over', '-a-b-c-----', '-a----c----'],
    ['keeps destinations apart', '-a-x-b-----', '-a-x--b----'],
    ['begins a period with every reading it passes', 'ab---------', 'a----b-----'],
    ['never holds back events', '-p-p-------', '-p-p-------'],
    ['gives what is held back its turn after the end', '-a-b-|', '-a----(b|)'],
    ['fails at once', '-a-b#', '-a--#'],
  ])('%s', (_, source, expected) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, values).pipe(throttleReadings(5)), '^----------!').toBe(expected, values)
    }),
  )

  it('lets go of its source at once when it is unsubscribed', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-b-c-a-b-c', values)
      const until = '        ^----!      '
      const expected = '     -a----      '
      expectObservable(source$.pipe(throttleReadings(5)), until).toBe(expected, values)
      expectSubscriptions(source$.subscriptions).toBe(until)
    }))

  it('passes the first and the last of a burst', () =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(abc|)', values).pipe(throttleReadings(5))).toBe('a----(c|)', values)
    }))
})
