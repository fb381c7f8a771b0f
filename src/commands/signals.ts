import { setTimeout as pause } from 'node:timers/promises'
import { fromEvent, merge, NEVER, type Observable, shareReplay, switchMap, take, timer } from 'rxjs'
import { end } from './end.js'

/** Every part bounds its own stop well below this; should one fail to, the process ends all the same. */
const patience = 4500

/**
 * Emits, now or later, when the process is asked to end: by SIGTERM, SIGINT or another reason, which are heard from the call on.
 * Should it not have ended some seconds later as it should, it is ended.
 */
export function stopSignal(reason$: Observable<unknown>): Observable<unknown> {
  const stop$ = merge(fromEvent(process, 'SIGTERM'), fromEvent(process, 'SIGINT'), reason$).pipe(
    take(1),
    // Not by reference count: a signal must not be missed because nobody listens at that moment.
    shareReplay({ bufferSize: 1, refCount: false }),
  )
  // Without a reference the wait itself does not keep the process alive.
  const exit$ = stop$.pipe(switchMap(() => pause(patience, undefined, { ref: false })))
  exit$.subscribe({ next: end, error: end })
  return stop$
}

/** For a command that ends by itself after so many seconds, if any are given. */
export const stopAfter = (seconds: number | undefined): Observable<unknown> =>
  stopSignal(seconds === undefined ? NEVER : timer(seconds * 1000))
