import { map, range, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { type Reading, withdrawal } from '../../src/model.js'
import { wiredStatus } from '../../src/operators/wiredStatus.js'
import { marbles } from '../../src/testing/marbles.js'
import { collect } from '../support/collect.js'

const statuses = new Map([
  ['attic', 'attic/status'],
  ['cellar', undefined],
])

const letters: Readonly<Record<string, Reading>> = {
  a: { destination: 'attic', value: 21 },
  c: { destination: 'cellar', value: 9 },
  o: { destination: 'other', value: 1 },
  x: withdrawal({ destination: 'attic', value: 21 }),
  y: withdrawal({ destination: 'cellar', value: 9 }),
  i: { destination: 'attic/status', value: 'ONLINE', retain: true },
  n: { destination: 'attic/status', value: 'OFFLINE', retain: true },
}

describe('wiredStatus', () => {
  it.each([
    { name: 'says nothing for a source that never speaks', source: '---', expected: '---' },
    { name: 'completes with an empty source', source: '--|', expected: '--|' },
    { name: 'says ONLINE before a single reading', source: '-a---|', expected: '-(ia)|' },
    { name: 'says it once', source: '-a----a-a-|', expected: '-(ia)-a-a-|' },
    { name: 'passes an error on', source: '-a----#', expected: '-(ia)-#' },
    { name: 'takes a burst in one frame one by one', source: '(aax|)', expected: '(iaanx|)' },
    { name: 'says OFFLINE once, when it is withdrawn', source: '-x----x-', expected: '-(nx)---' },
    {
      name: 'says ONLINE again when it is back',
      source: '  -a----x----xa----',
      expected: '-(ia)-(nx)--(ia)-',
    },
    { name: 'says nothing of what has no status', source: '-o-c-y-y-c-', expected: '-o-c-y---c-' },
  ])('$name', ({ source, expected }) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, letters).pipe(wiredStatus(statuses))).toBe(expected, letters)
    }),
  )

  it('ends a source that is endless and synchronous when nobody listens any more', () => {
    const endless$ = range(0, Infinity).pipe(map((value) => ({ destination: 'attic', value })))
    expect(collect(endless$.pipe(wiredStatus(statuses), take(3)))).toHaveLength(3)
  })

  it('leaves nothing running behind when it is unsubscribed from', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a----a', letters)
      expectObservable(source$.pipe(wiredStatus(statuses)), '^----!').toBe('-(ia)', letters)
      expectSubscriptions(source$.subscriptions).toBe('^----!')
    }))
})
