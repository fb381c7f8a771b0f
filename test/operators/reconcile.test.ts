import { concat, ignoreElements, NEVER, Observable, of, Subject, takeUntil, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { reconcile } from '../../src/operators/reconcile.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'

type Part = Observable<string>

/** Ends 2 ms after it was told to leave. */
const slowly = (part: Part, leave$: Observable<unknown>) =>
  concat(part.pipe(takeUntil(leave$)), timer(2).pipe(ignoreElements()))

const atOnce = (part: Part, leave$: Observable<unknown>) => part.pipe(takeUntil(leave$))

describe('reconcile', () => {
  it.each([
    { name: 'says nothing without a list', lists: '---', expected: '---', subs: '^--' },
    { name: 'completes with no lists', lists: '--|', expected: '--|', subs: '^-!' },
    { name: 'runs nothing of an empty list', lists: '-0-|', expected: '---|', subs: '^--!' },
    { name: 'fails with the lists', lists: '-0-#', expected: '---#', subs: '^--!' },
  ])('$name', ({ lists, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const lists$ = cold<readonly Part[]>(lists, { 0: [] })
      expectObservable(lists$.pipe(reconcile(slowly))).toBe(expected)
      expectSubscriptions(lists$.subscriptions).toBe(subs)
    }),
  )

  it('starts the parts of a list, and completes when the lists and all parts have', () =>
    marbles(({ hot, cold, expectObservable }) => {
      const lists$ = hot<readonly Part[]>('-l|', { l: [cold('a-a|'), cold('-b----|')] })
      expectObservable(lists$.pipe(reconcile(atOnce))).toBe('-aba---|')
    }))

  it('lets a part that is still listed run on, and starts new ones when those that leave have ended', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [stays, leaves, comes] = [cold('-a--a--a--a'), cold('--b--b--b'), cold('c--c')]
      const lists$ = hot<readonly Part[]>('     -1---2-----', { 1: [stays, leaves], 2: [stays, comes] })
      const leave = '          ^----------!'
      const expected = '       --ab-a-ca-c'
      expectObservable(lists$.pipe(reconcile(slowly)), leave).toBe(expected)
      expectSubscriptions(stays.subscriptions).toBe(' -^---------!')
      expectSubscriptions(leaves.subscriptions).toBe('-^---!')
      expectSubscriptions(comes.subscriptions).toBe(' -------^---!')
    }))

  it('starts nothing of a list that is overtaken', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [old, overtaken, newest] = [NEVER, cold('b'), cold('c')]
      const lists$ = hot<readonly Part[]>('-1--23--', { 1: [old], 2: [overtaken], 3: [newest] })
      expectObservable(lists$.pipe(reconcile(slowly)), '^-------!').toBe('------c')
      expectSubscriptions(overtaken.subscriptions).toBe([])
    }))

  it('starts nothing of a list that is overtaken while it starts', () => {
    const lists$ = new Subject<readonly Part[]>()
    const begun: string[] = []
    const part = (name: string, then?: readonly Part[]): Part =>
      new Observable((subscriber) => {
        begun.push(name)
        subscriber.next(name)
        if (then) lists$.next(then)
      })
    const [dropped, wanted] = [part('dropped'), part('wanted')]
    const first: Part = part('first', [wanted])
    lists$.pipe(reconcile(atOnce)).subscribe()
    lists$.next([first, dropped])
    expect(begun).toEqual(['first', 'wanted'])
  })

  it('starts a part anew that was wanted again before it had ended', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const part = cold(' -a--')
      const lists$ = hot<readonly Part[]>('1--01---', { 0: [], 1: [part] })
      expectObservable(lists$.pipe(reconcile(slowly)), '^-------!').toBe('-a----a-')
      expectSubscriptions(part.subscriptions).toBe(['^--!', '-----^--!'])
    }))

  it('does not start a part again that has ended by itself, and waits for it no more', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [ends, comes] = [cold('a|'), cold('b')]
      const lists$ = hot<readonly Part[]>('1--1-2-', { 1: [ends], 2: [comes] })
      expectObservable(lists$.pipe(reconcile(atOnce)), '^------!').toBe('a----b-')
      expectSubscriptions(ends.subscriptions).toBe('^!')
    }))

  it('runs a part as often as it is listed', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const part = cold(' --a--')
      const lists$ = hot<readonly Part[]>('2-1---', { 1: [part], 2: [part, part] })
      expectObservable(lists$.pipe(reconcile(atOnce)), '^-----!').toBe('--a---')
      expectSubscriptions(part.subscriptions).toBe(['^-----!', '^-!'])
    }))

  it('fails with a part, and leaves the others', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [endless, failing] = [cold('a----'), cold('--#')]
      const lists$ = hot<readonly Part[]>('-1----', { 1: [endless, failing] })
      expectObservable(lists$.pipe(reconcile(atOnce))).toBe('-a-#')
      expectSubscriptions(endless.subscriptions).toBe('-^-!')
      expectSubscriptions(lists$.subscriptions).toBe('^--!')
    }))

  it('leaves everything at once when it is left', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const part = cold('-a-a-a')
      const lists$ = hot<readonly Part[]>('1-----', { 1: [part] })
      expectObservable(lists$.pipe(reconcile(slowly)), '^--!').toBe('-a')
      for (const { subscriptions } of [part, lists$]) expectSubscriptions(subscriptions).toBe('^--!')
    }))

  it('takes a burst of lists: what was overtaken has ended before the last one starts', () => {
    const said = collect(of([of('a')], [of('b')], [of('c')]).pipe(reconcile(atOnce)))
    expect(said).toEqual(['a', 'b', 'c'])
  })

  it('tells of a list once its parts run', () => {
    const told: string[] = []
    const part = new Subject<string>()
    const note = (text: string) => ({ next: () => told.push(text) })
    of([part])
      .pipe(
        reconcile((each) => {
          told.push('run')
          return each
        }, note('settled')),
      )
      .subscribe()
    expect(told).toEqual(['run', 'settled'])
  })
})
