import { delay, of, range, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { queued } from '../../src/operators/queued.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'
import { quietLog } from '../support/quietLog.js'

/** Says the value again 3 ms later. */
const slowly = (value: string) => of(value).pipe(delay(3))

describe('queued', () => {
  it.each([
    { name: 'says nothing while nothing comes', source: '---', expected: '-', subs: '^--' },
    { name: 'completes with an empty source', source: '--|', expected: '--|', subs: '^-!' },
    { name: 'deals with one', source: '-a|', expected: '----(a|)', subs: '^-!' },
    { name: 'deals with one after the other', source: '-ab-|', expected: '----a--(b|)', subs: '^---!' },
    { name: 'fails with the source', source: '-a-#', expected: '---#', subs: '^--!' },
    { name: 'goes on with an endless source', source: '-a---b', expected: '----a---b', subs: '^' },
    { name: 'takes a burst in order', source: '(abc|)', expected: '---a--b--(c|)', subs: '(^!)' },
  ])('$name', ({ source, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source)
      expectObservable(source$.pipe(queued(slowly, { log: quietLog() }))).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }),
  )

  it('leaves what is under way when it is left', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-----')
      const run$ = cold('    ---a|')
      const leave = '       ^--!'
      expectObservable(source$.pipe(queued(() => run$, { log: quietLog() })), leave).toBe('-')
      expectSubscriptions(run$.subscriptions).toBe('-^-!')
    }))

  it('can be left in the middle of a burst that never ends', () => {
    const source$ = range(0, Infinity)
    expect(
      collect(
        source$.pipe(
          queued((value) => of(value), { log: quietLog() }),
          take(2),
        ),
      ),
    ).toEqual([0, 1])
  })

  it('deals with several at a time where it may', () =>
    marbles(({ cold, expectObservable }) => {
      const source$ = cold(' (abcd|)')
      const expected = '     ----(ab)(cd|)'
      const queued$ = source$.pipe(
        queued((value: string) => of(value).pipe(delay(4)), { parallel: 2, log: quietLog() }),
      )
      expectObservable(queued$).toBe(expected)
    }))

  it('refuses what finds the queue full, says so once until all is done, and then takes more', () => {
    const log = quietLog()
    marbles(({ cold, expectObservable }) => {
      const source$ = cold(' (abcde)--f---(ghij)')
      const expected = '     ---a--b-----f---g--h'
      const queued$ = source$.pipe(queued(slowly, { waiting: 1, log }))
      expectObservable(queued$).toBe(expected)
    })
    expect(log.warn).toHaveBeenCalledTimes(2)
  })
})
