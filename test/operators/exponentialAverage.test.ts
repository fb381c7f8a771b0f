import { map, range, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { exponentialAverage } from '../../src/operators/exponentialAverage.js'
import { marbles } from '../../src/testing/marbles.js'
import { collect } from '../support/collect.js'

const attic = (value: number | string) => ({ destination: 'attic', value, decimals: 1 })
const cellar = (value: number) => ({ destination: 'cellar', value })
const readings = { a: attic(20), b: attic(23), c: attic(26), d: cellar(9), t: attic('OFF') }

describe('exponentialAverage', () => {
  it.each([
    { name: 'says nothing for a source that never speaks', source: '-', expected: '-', means: {} },
    { name: 'completes with an empty source', source: '|', expected: '|', means: {} },
    { name: 'passes a single number', source: '-a|', expected: '-a|', means: { a: attic(20) } },
    {
      name: 'averages the first ones alike, then the newest with all before it',
      source: '  -a-b-c-a|',
      expected: '-k-l-m-n|',
      means: { k: attic(20), l: attic(21.5), m: attic(23), n: attic(22) },
    },
    {
      name: 'averages each destination by itself',
      source: '  -a-d-b|',
      expected: '-a-d-l|',
      means: { ...readings, l: attic(21.5) },
    },
    {
      name: 'passes texts as they are',
      source: '-a-t-b|',
      expected: '-a-t-l|',
      means: { ...readings, l: attic(21.5) },
    },
    { name: 'fails with the source', source: '-a#', expected: '-a#', means: readings },
    {
      name: 'takes a synchronous burst one by one',
      source: '  (ab|)',
      expected: '(al|)',
      means: { ...readings, l: attic(21.5) },
    },
  ])('$name', ({ source, expected, means }) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, readings).pipe(exponentialAverage(3))).toBe(expected, means)
    }),
  )

  it('starts afresh for each subscriber, and leaves its source with it', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-b-', readings)
      const average$ = source$.pipe(exponentialAverage(3))
      expectObservable(average$, '^-!').toBe('-a', readings)
      expectObservable(average$, '--^-!').toBe('---b', readings)
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '--^-!'])
    }))

  it('ends a source that is endless and synchronous when nobody listens any more', () => {
    const endless$ = range(0, Infinity).pipe(map(attic))
    expect(collect(endless$.pipe(exponentialAverage(3), take(2)))).toEqual([attic(0), attic(0.5)])
  })
})
