import { fromEvent, merge, NEVER, shareReplay, take } from 'rxjs'
import type { Observable } from 'rxjs'

/** Emits, now or later, when the process is asked to end: by SIGTERM, SIGINT or another reason. Heard from the call on. */
export function stopSignal(reason$: Observable<unknown> = NEVER): Observable<unknown> {
  const stop$ = merge(fromEvent(process, 'SIGTERM'), fromEvent(process, 'SIGINT'), reason$).pipe(
    take(1),
    // Not by reference count: a signal must not be missed because nobody listens at that moment.
    shareReplay({ bufferSize: 1, refCount: false }),
  )
  stop$.subscribe()
  return stop$
}
