import { concat, defer, map, NEVER, of, range, Subject, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { type Reading, withdrawal } from '../../src/model.js'
import { withdraw } from '../../src/operators/withdraw.js'
import { marbles } from '../../src/testing/marbles.js'
import { collect } from '../support/collect.js'

const attic = { destination: 'attic', value: 21 }

const cellar = { destination: 'cellar', value: 9, retain: true, delivery: { retain: true } } as const

const letters: Readonly<Record<string, Reading>> = {
  a: attic,
  b: { destination: 'attic', value: 22 },
  c: cellar,
  e: { destination: 'button', value: 1, event: true },
  x: withdrawal(attic),
  y: withdrawal(cellar),
  z: withdrawal({ destination: 'loft', value: '' }),
}

describe('withdraw', () => {
  it.each([
    { name: 'says nothing for a source that never speaks', source: '---', expected: '---', subs: '^--' },
    { name: 'completes with an empty source', source: '--|', expected: '--|', subs: '^-!' },
    { name: 'withdraws nothing when the source completes', source: '-a-|', expected: '-a-|', subs: '^--!' },
    { name: 'passes many readings', source: '-ab-c|', expected: '-ab-c|', subs: '^----!' },
    { name: 'passes an error on', source: '-a-#', expected: '-a-#', subs: '^--!' },
    { name: 'goes on with an endless source', source: '-a-a-', expected: '-a-a-', subs: '^----' },
    { name: 'takes a burst in one frame one by one', source: '(abc|)', expected: '(abc|)', subs: '(^!)' },
  ])('$name', ({ source, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source, letters)
      expectObservable(source$.pipe(withdraw({ failed$: NEVER }))).toBe(expected, letters)
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }),
  )

  it.each([
    {
      name: 'withdraws each destination once, however often the source fails then',
      source: '  -ab-c------b---',
      failed: '  ------f---f---f',
      expected: '-ab-c-(xy)-b--x',
    },
    { name: 'withdraws nothing that nobody has said', source: '-----', failed: '  -f-f-', expected: '-----' },
    { name: 'withdraws no event', source: '  -e---', failed: '  ---f-', expected: '-e---' },
    {
      name: 'withdraws nothing that has been withdrawn already',
      source: '  -ac-x-----',
      failed: '  ------f----',
      expected: '-ac-x-y----',
    },
    { name: 'ends with the source', source: '  -a-|', failed: '  -----f', expected: '-a-|' },
  ])('$name', ({ source, failed, expected }) =>
    marbles(({ cold, hot, expectObservable }) => {
      const failed$ = hot(failed)
      expectObservable(cold(source, letters).pipe(withdraw({ failed$ }))).toBe(expected, letters)
    }),
  )

  it('withdraws what was said before the source failed at once', () => {
    const failed$ = new Subject<void>()
    const source$ = concat(
      of(attic),
      defer(() => {
        failed$.next()
        return NEVER
      }),
    )
    expect(collect(source$.pipe(withdraw({ failed$ })))).toEqual([attic, letters['x']])
  })

  it('withdraws, each time, the destinations that are known of a source that has said nothing yet', () =>
    marbles(({ cold, hot, expectObservable }) => {
      const source$ = cold('  ------a---', letters)
      const failed$ = hot('   -f-f----f--', letters)
      const expected = '      -z-z--a-(xz)'
      expectObservable(source$.pipe(withdraw({ failed$, destinations: ['loft'] }))).toBe(expected, letters)
    }))

  it('withdraws what is gone, and completes, when the source is let go', () =>
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source$ = cold('  -ac-b-', letters)
      const leave$ = hot('    ---l--')
      const subs = '          ^--!'
      expectObservable(source$.pipe(withdraw({ leave$ }))).toBe('-ac(xy|)', letters)
      const isGone = ({ destination }: Reading) => destination === 'cellar'
      expectObservable(source$.pipe(withdraw({ leave$, isGone }))).toBe('-ac(y|)', letters)
      expectSubscriptions(source$.subscriptions).toBe([subs, subs])
    }))

  it('leaves nothing running behind when it is unsubscribed from', () =>
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const [source$, failed$, leave$] = [cold('-a-a', letters), hot('-----f'), hot('-----l')]
      expectObservable(source$.pipe(withdraw({ failed$, leave$ })), '^-!').toBe('-a', letters)
      for (const { subscriptions } of [source$, failed$, leave$])
        expectSubscriptions(subscriptions).toBe('^-!')
    }))

  it('ends a source that is endless and synchronous when nobody listens any more', () => {
    const endless$ = range(0, Infinity).pipe(map((value) => ({ destination: 'attic', value })))
    expect(collect(endless$.pipe(withdraw({}), take(2)))).toHaveLength(2)
  })

  it('remembers no more destinations than its limit, those that came first', () => {
    const failed$ = new Subject<void>()
    const readings$ = new Subject<Reading>()
    const said = collect(readings$.pipe(withdraw({ failed$ }, 2)))
    for (const destination of ['a', 'b', 'c', 'a']) readings$.next({ destination, value: 1 })
    failed$.next()
    expect(said.slice(4).map(({ destination }) => destination)).toEqual(['a', 'b'])
  })
})
