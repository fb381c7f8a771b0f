import { describe, it } from 'vitest'
import { movingAverage } from '../../src/operators/movingAverage.js'
import { marbles } from '../../src/testing/marbles.js'

const attic = (value: number | string) => ({ destination: 'attic', value, decimals: 1 })
const cellar = (value: number) => ({ destination: 'cellar', value })
const readings = { a: attic(20), b: attic(22), c: attic(27), d: cellar(9), t: attic('OFF') }

describe('movingAverage', () => {
  it.each([
    { name: 'says nothing for a source that never speaks', source: '-', expected: '-', means: {} },
    { name: 'completes with an empty source', source: '|', expected: '|', means: {} },
    { name: 'passes a single number', source: '-a|', expected: '-a|', means: { a: attic(20) } },
    {
      name: 'averages the last numbers, or as many as there are yet',
      source: '  -a-b-c|',
      expected: '-k-l-m|',
      means: { k: attic(20), l: attic(21), m: attic(24.5) },
    },
    {
      name: 'averages each destination by itself',
      source: '  -a-d-b|',
      expected: '-a-d-l|',
      means: { ...readings, l: attic(21) },
    },
    { name: 'passes texts as they are', source: '-t|', expected: '-t|', means: readings },
    { name: 'fails with the source', source: '-a#', expected: '-a#', means: readings },
    {
      name: 'takes a synchronous burst one by one',
      source: '  (ab|)',
      expected: '(al|)',
      means: { ...readings, l: attic(21) },
    },
  ])('$name', ({ source, expected, means }) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, readings).pipe(movingAverage(2))).toBe(expected, means)
    }),
  )

  it('starts afresh for each subscriber, and leaves its source with it', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-b-', readings)
      const average$ = source$.pipe(movingAverage(2))
      expectObservable(average$, '^-!').toBe('-a', readings)
      expectObservable(average$, '--^-!').toBe('---b', readings)
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '--^-!'])
    }))
})
