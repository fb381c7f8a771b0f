import { NEVER, asyncScheduler, defer, switchMap, throwError, timer } from 'rxjs'
import { expect, it } from 'vitest'
import { LinkError } from '../../src/mqtt/linkError.js'
import { reconnect } from '../../src/mqtt/reconnect.js'
import { marbles } from '../support/marbles.js'

const ended = (lasted?: number) => new LinkError(undefined, lasted)
const loginRefused = new LinkError(
  Object.assign(new Error('Connection refused: Not authorized'), { code: 5 }),
  undefined,
)
const kind = () => 0

it('tries again after 1, 2, 4 … 40 s', () => {
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const link$ = cold('   #', undefined, ended())
    expectObservable(link$.pipe(reconnect(NEVER, undefined, kind)), '^ 104s !').toBe('')
    const tries = ['0s', '1s', '3s', '7s', '15s', '31s', '63s', '103s']
    expectSubscriptions(link$.subscriptions).toBe(tries.map((at) => `${at} (^!)`))
  })
})

it('starts over with a second when a link has lasted 10 s, and not before', () => {
  marbles(({ expectObservable, flush }) => {
    const lasting = [0, 0, 10_000, 9_999, 0]
    const starts: number[] = []
    const link$ = defer(() => {
      const lasted = lasting[starts.push(asyncScheduler.now()) - 1] ?? 0
      return timer(lasted).pipe(switchMap(() => throwError(() => ended(lasted))))
    })
    expectObservable(link$.pipe(reconnect(NEVER, undefined, kind)), '^ 26s !').toBe('')
    flush()
    expect(starts).toEqual([0, 1000, 3000, 14_000, 25_999])
  })
})

it('waits longest at once when the broker does not want us', () => {
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const link$ = cold('#', undefined, loginRefused)
    expectObservable(link$.pipe(reconnect(NEVER, undefined, () => 1)), '^ 70s !').toBe('')
    expectSubscriptions(link$.subscriptions).toBe(['(^!)', '60s (^!)'])
  })
})

it('completes when it is stopped between two attempts', () => {
  marbles(({ cold, hot, expectObservable }) => {
    const link$ = cold('      #', undefined, ended())
    const stop$ = hot('       500ms s')
    expectObservable(link$.pipe(reconnect(stop$))).toBe('500ms |')
  })
})

it('is over when the link completes', () => {
  marbles(({ cold, expectObservable }) => {
    expectObservable(cold('a--|').pipe(reconnect(NEVER))).toBe('a--|')
  })
})

it('does not try again after a mistake of the program', () => {
  const mistake = new RangeError('port')
  marbles(({ cold, expectObservable }) => {
    expectObservable(cold('--#', undefined, mistake).pipe(reconnect(NEVER))).toBe('--#', undefined, mistake)
  })
})
