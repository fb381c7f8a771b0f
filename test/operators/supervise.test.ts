import { defer, NEVER, type Observable, range, Subject, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Logger } from '../../src/model.js'
import { supervise } from '../../src/operators/supervise.js'
import { collect } from '../support/collect.js'
import { marbles } from '../../src/testing/marbles.js'

/** A logger whose lines can be watched, as `error adapter is gone`. */
function watchedLog() {
  const lines$ = new Subject<string>()
  const say = (level: string) => (message: string) => lines$.next(`${level} ${message}`)
  const log: Logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  return { log, lines$ }
}

/** The first subscriber gets the first source, the next one the next. */
const inTurn = <T>(...sources: Observable<T>[]) => defer(() => sources.shift() ?? NEVER)

const second = 1000

describe('supervise', () => {
  it.each([
    { name: 'says nothing for a source that never speaks', source: '---', expected: '---', subs: '^--' },
    { name: 'completes with an empty source', source: '--|', expected: '--|', subs: '^-!' },
    { name: 'passes a single value', source: '-a-|', expected: '-a-|', subs: '^--!' },
    { name: 'passes many values', source: '-ab-c|', expected: '-ab-c|', subs: '^----!' },
    { name: 'goes on with an endless source', source: '-a-a-', expected: '-a-a-', subs: '^----' },
    { name: 'takes a burst in one frame one by one', source: '(abc|)', expected: '(abc|)', subs: '(^!)' },
  ])('$name', ({ source, expected, subs }) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold(source)
      const { log, lines$ } = watchedLog()
      expectObservable(source$.pipe(supervise(log))).toBe(expected)
      expectObservable(lines$).toBe('-')
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }),
  )

  it('completes when it is told to stop during a pause', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source$ = cold(' a#')
      const stop$ = hot('     --s')
      expectObservable(source$.pipe(supervise(watchedLog().log, stop$))).toBe('a-|')
      expectSubscriptions(source$.subscriptions).toBe('^!')
    })
  })

  it('tries again 1, 2 and 4 s after the failures', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-#')
      const leave = '      ^-----------!'
      const subs = [
        '                  ^!',
        '                  --^!',
        '                  -----^!',
        '                  ----------^!',
      ]
      expectObservable(source$.pipe(supervise(watchedLog().log)), leave).toBe('-')
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }, second))

  it('doubles the time between tries up to 60 s', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('#')
      const leave = '^ 183s !'
      const tries = [0, 1, 3, 7, 15, 31, 63, 123, 183]
      expectObservable(source$.pipe(supervise(watchedLog().log)), leave).toBe('-')
      expectSubscriptions(source$.subscriptions).toBe(tries.map((at) => (at ? `${at}s (^!)` : '(^!)')))
    }))

  it('starts over with 1 s once the source has said something', () =>
    marbles(({ cold, expectObservable }) => {
      const source$ = inTurn(cold('#'), cold('#'), cold('a-#'), cold('#'), cold('b|'))
      expectObservable(source$.pipe(supervise(watchedLog().log))).toBe('---a----b|')
    }, second))

  it('does not try again when it is left while it waits', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-#')
      const leave = '      ^---!'
      const subs = ['       ^!', '--^!']
      expectObservable(source$.pipe(supervise(watchedLog().log)), leave).toBe('-')
      expectSubscriptions(source$.subscriptions).toBe(subs)
    }, second))

  it('can be left in the middle of a burst that never ends', () => {
    const said = collect(range(0, Infinity).pipe(supervise(watchedLog().log), take(2)))
    expect(said).toEqual([0, 1])
  })

  it('says once that the source failed, not at every try', () =>
    marbles(({ cold, expectObservable }) => {
      const { log, lines$ } = watchedLog()
      const source$ = cold('-#', undefined, new Error('The adapter is gone.'))
      const leave = '      ^ 100s !'
      expectObservable(lines$).toBe('-f', {
        f: 'error The adapter is gone. Trying again in 1 s, then ever less often.',
      })
      expectObservable(source$.pipe(supervise(log)), leave).toBe('-')
    }, second))

  it('says so when the reason has changed', () =>
    marbles(({ cold, expectObservable }) => {
      const { log, lines$ } = watchedLog()
      const failing = (reason: string) => cold('#', undefined, new Error(reason))
      const source$ = inTurn(failing('gone'), failing('gone'), failing('busy'), failing('busy'))
      expectObservable(lines$).toBe('f--g', {
        f: 'error gone. Trying again in 1 s, then ever less often.',
        g: 'error busy. Trying again in 4 s, then ever less often.',
      })
      expectObservable(source$.pipe(supervise(log)), '^---------!').toBe('-')
    }, second))

  it('says once that it works again, and then that it failed again', () =>
    marbles(({ cold, expectObservable }) => {
      const { log, lines$ } = watchedLog()
      const source$ = inTurn(cold('a#'), cold('b-c-#'), cold('-d'))
      const lines = '      -fw---f-w'
      const expected = '   a-b-c---d'
      expectObservable(lines$).toBe(lines, {
        f: 'error error. Trying again in 1 s, then ever less often.',
        w: 'info works again',
      })
      expectObservable(source$.pipe(supervise(log)), '^--------!').toBe(expected)
    }, second))

  it('counts for each subscriber apart', () =>
    marbles(({ cold, expectObservable }) => {
      const source$ = inTurn(cold('#'), cold('#'), cold('a|'), cold('b|'))
      const supervised$ = source$.pipe(supervise(watchedLog().log))
      expectObservable(supervised$).toBe('-a|')
      expectObservable(supervised$).toBe('-b|')
    }, second))
})
