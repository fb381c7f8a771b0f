import { of, range, take, timer, map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { newestInTurn } from '../../src/operators/newestInTurn.js'
import { marbles } from '../../src/testing/marbles.js'
import { collect } from '../support/collect.js'

/** Three frames for each. */
const slowly = newestInTurn(
  (text: string) => text.toLowerCase(),
  (text) => timer(3).pipe(map(() => text)),
  2,
)

describe('newestInTurn', () => {
  it.each([
    { name: 'says nothing for a source that never speaks', source: '---', expected: '---' },
    { name: 'completes with an empty source', source: '--|', expected: '--|' },
    { name: 'does something about a single value', source: 'a|', expected: '---(a|)' },
    { name: 'takes the keys beside each other', source: 'ab', expected: '---ab' },
    { name: 'takes one of each key at a time', source: 'aA', expected: '---a--A' },
    { name: 'drops what is overtaken', source: 'aBbA', expected: '---aB-Ab' },
    { name: 'does all of it before it completes', source: 'aA|', expected: '---a--(A|)' },
    { name: 'passes an error on', source: 'a-#', expected: '--#' },
  ])('$name', ({ source, expected }) =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source).pipe(slowly)).toBe(expected)
    }),
  )

  it('takes no more at a time than it may', () =>
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('a-b-c').pipe(slowly)).toBe('---a-b-c')
    }))

  it('takes a burst one by one where nothing takes time', () => {
    expect(
      collect(
        of('a', 'A', 'b').pipe(
          newestInTurn(
            (text) => text,
            (text) => of(text),
          ),
        ),
      ),
    ).toEqual(['a', 'A', 'b'])
  })

  it('ends a source that is endless and synchronous when nobody listens any more', () => {
    const endless$ = range(0, Infinity).pipe(
      newestInTurn(String, (value: number) => of(value)),
      take(3),
    )
    expect(collect(endless$)).toEqual([0, 1, 2])
  })

  it('leaves nothing running behind when it is unsubscribed from', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('a-----b')
      expectObservable(source$.pipe(slowly), '^----!').toBe('---a')
      expectSubscriptions(source$.subscriptions).toBe('^----!')
    }))
})
