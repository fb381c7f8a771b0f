import {
  concat,
  concatWith,
  EMPTY,
  ignoreElements,
  NEVER,
  of,
  ReplaySubject,
  Subject,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { daemon } from '../src/daemon.js'
import type { Reporter } from '../src/daemon.js'
import type { Command } from '../src/model.js'
import { collect } from './support/collect.js'
import { marbles } from './support/marbles.js'

const commands = {
  a: { source: 'attic', payload: '21' },
  b: { source: 'attic', payload: '22' },
  c: { source: 'attic', payload: '23' },
}

/** Runs until it is told to stop, and takes 3 ms to close then. */
const slow =
  (running$: Observable<Command>): Reporter =>
  (stop$) =>
    concat(running$.pipe(takeUntil(stop$)), timer(3).pipe(ignoreElements()))

/** What the daemon asks of `stop$`: who subscribes after it has emitted is told, too. */
function replayed(stop$: Observable<unknown>): Observable<unknown> {
  const replayed$ = new ReplaySubject(1)
  stop$.subscribe(replayed$)
  return replayed$
}

describe('daemon', () => {
  it('says nothing while there is no reporter', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const reporters$ = hot<Reporter>('---')
      expectObservable(daemon(reporters$, NEVER)).toBe('---')
      expectSubscriptions(reporters$.subscriptions).toBe('^--')
    }))

  it('completes when there will never be a reporter', () =>
    marbles(({ hot, expectObservable }) => {
      expectObservable(daemon(hot('--|'), NEVER)).toBe('--|')
    }))

  it('completes at once when it is stopped while nothing runs', () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const reporters$ = hot<Reporter>('-----')
      const stop$ = replayed(hot('      --s'))
      const expected = '                --|'
      const subs = '                    ^-!'
      expectObservable(daemon(reporters$, stop$)).toBe(expected)
      expectSubscriptions(reporters$.subscriptions).toBe(subs)
    }))

  it('starts nothing when it has been stopped before', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const running$ = cold('-a', commands)
      expectObservable(daemon(of(slow(running$)), of('now'))).toBe('|')
      expectSubscriptions(running$.subscriptions).toBe([])
    }))

  it('runs a reporter until it is stopped, and completes when that has closed', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const running$ = cold('    -a--b--c', commands)
      const reporters$ = hot('  -x-------', { x: slow(running$) })
      const stop$ = replayed(hot('------s'))
      const expected = '         --a--b---|'
      const subs = '             -^----!'
      expectObservable(daemon(reporters$, stop$)).toBe(expected, commands)
      expectSubscriptions(running$.subscriptions).toBe(subs)
    }))

  it('goes on until it is stopped when no more reporters will come', () =>
    marbles(({ hot, cold, expectObservable }) => {
      const reporters$ = hot('  -x-|', { x: slow(cold('-a--b--c', commands)) })
      const stop$ = replayed(hot('------s'))
      const expected = '         --a--b---|'
      expectObservable(daemon(reporters$, stop$)).toBe(expected, commands)
    }))

  it('closes the old reporter before it starts the new one', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const old$ = cold('      -a--b--c', commands)
      const new$ = cold('              -c--', commands)
      const reporters$ = hot('-x----y-', { x: slow(old$), y: slow(new$) })
      const leave = '         ^------------!'
      const expected = '      --a--b----c---'
      const oldSubs = '       -^----!'
      const newSubs = '       ---------^---!'
      expectObservable(daemon(reporters$, NEVER), leave).toBe(expected, commands)
      expectSubscriptions(old$.subscriptions).toBe(oldSubs)
      expectSubscriptions(new$.subscriptions).toBe(newSubs)
    }))

  it('never starts a reporter that was overtaken while the old one closed', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [old$, overtaken$] = [cold('-a', commands), cold('-b', commands)]
      const newest$ = cold('-c', commands)
      const reporters$ = hot('-x-y-z-', { x: slow(old$), y: slow(overtaken$), z: slow(newest$) })
      const leave = '         ^--------!'
      const expected = '      --a----c--'
      expectObservable(daemon(reporters$, NEVER), leave).toBe(expected, commands)
      expectSubscriptions(old$.subscriptions).toBe('-^-!')
      expectSubscriptions(overtaken$.subscriptions).toBe([])
      expectSubscriptions(newest$.subscriptions).toBe('------^--!')
    }))

  it('starts the first and the last of a burst', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const [first$, second$] = [cold('-a', commands), cold('-b', commands)]
      const third$ = cold('-c', commands)
      const reporters$ = of(slow(first$), slow(second$), slow(third$)).pipe(concatWith(NEVER))
      expectObservable(daemon(reporters$, NEVER), '^-----!').toBe('----c-', commands)
      expectSubscriptions(first$.subscriptions).toBe('(^!)')
      expectSubscriptions(second$.subscriptions).toBe([])
      expectSubscriptions(third$.subscriptions).toBe('---^--!')
    }))

  it('starts a reporter anew when the same one comes again', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const running$ = cold('-a', commands)
      const reporters$ = hot('-x-x', { x: slow(running$) })
      const leave = '         ^--------!'
      const expected = '      --a----a--'
      const subs = ['         -^-!', '------^--!']
      expectObservable(daemon(reporters$, NEVER), leave).toBe(expected, commands)
      expectSubscriptions(running$.subscriptions).toBe(subs)
    }))

  it('starts the next reporter at once when the one before has ended by itself', () =>
    marbles(({ hot, cold, expectObservable }) => {
      const reporters$ = hot('-x----y', { x: () => cold('-a|', commands), y: () => cold('-b', commands) })
      const leave = '         ^--------!'
      const expected = '      --a----b-'
      expectObservable(daemon(reporters$, NEVER), leave).toBe(expected, commands)
    }))

  it('waits for the old reporter and starts no new one when it is stopped in the middle of a reload', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [old$, new$] = [cold('-a', commands), cold('-b', commands)]
      const reporters$ = hot('   -x-y-', { x: slow(old$), y: slow(new$) })
      const stop$ = replayed(hot('----s'))
      const expected = '         --a---|'
      expectObservable(daemon(reporters$, stop$)).toBe(expected, commands)
      expectSubscriptions(new$.subscriptions).toBe([])
    }))

  it('stops everything at once when it is left', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const running$ = cold(' -a--b--', commands)
      const reporters$ = hot('-x------', { x: slow(running$) })
      const stop$ = hot('     --------')
      const leave = '         ^---!'
      expectObservable(daemon(reporters$, stop$), leave).toBe('--a--', commands)
      expectSubscriptions(running$.subscriptions).toBe('   -^--!')
      expectSubscriptions(reporters$.subscriptions).toBe(' ^---!')
      expectSubscriptions(stop$.subscriptions).toBe(['    ^---!', '-(^!)', '-^--!'])
    }))

  it('fails with a reporter, and leaves the reporters that would come', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const reporters$ = hot('-x---', { x: slow(cold('-a#', commands)) })
      const expected = '      --a#'
      const subs = '          ^--!'
      expectObservable(daemon(reporters$, NEVER)).toBe(expected, commands)
      expectSubscriptions(reporters$.subscriptions).toBe(subs)
    }))

  it('fails when the reporters fail, and leaves the one that runs', () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const running$ = cold(' -a-----', commands)
      const reporters$ = hot('-x--#', { x: slow(running$) })
      const expected = '      --a-#'
      const subs = '          -^--!'
      expectObservable(daemon(reporters$, NEVER)).toBe(expected, commands)
      expectSubscriptions(running$.subscriptions).toBe(subs)
    }))

  it('reloads when a reporter itself asks for it while it starts', () => {
    const reporters$ = new Subject<Reporter>()
    const second: Reporter = () => of(commands.b)
    const first: Reporter = (stop$) => {
      const asking$ = of(commands.a).pipe(tap(() => reporters$.next(second)))
      return asking$.pipe(concatWith(NEVER), takeUntil(stop$))
    }
    const said = collect(daemon(reporters$, EMPTY))
    reporters$.next(first)
    expect(said).toEqual([commands.b])
  })
})
