import { defer, finalize, Subject, switchMap, takeUntil } from 'rxjs'
import type { MonoTypeOperatorFunction, Observable } from 'rxjs'

/**
 * Runs the source beside a broker: it starts when the broker listens, and the broker closes when it has ended.
 *
 * @example daemon(reporters$, stop$).pipe(served(embeddedBroker({ host: 'localhost', port: 1883, log })))
 */
export const served =
  <T>(broker$: Observable<unknown>): MonoTypeOperatorFunction<T> =>
  (source$) =>
    defer(() => {
      const ended$ = new Subject<void>()
      const running$ = source$.pipe(finalize(() => ended$.next()))
      return broker$.pipe(
        switchMap(() => running$),
        takeUntil(ended$),
      )
    })
