import {
  concatMap,
  connect,
  EMPTY,
  filter,
  map,
  merge,
  ReplaySubject,
  switchMap,
  take,
  takeUntil,
} from 'rxjs'
import type { Observable } from 'rxjs'
import type { Command } from './model.js'

/** A configuration that is ready to run: it stops in an orderly way when `stop$` emits. */
export type Reporter = (stop$: Observable<unknown>) => Observable<Command>

/**
 * Runs the newest reporter. The one before it closes first, because two clients with one id overlapping would make
 * the broker publish the will of the older; reporters overtaken meanwhile never start. Completes when `stop$` has
 * emitted (it must replay) and the running reporter has closed.
 *
 * ![marble diagram](../marbles/reload.svg)
 *
 * @example daemon(configurations$, stop$).subscribe()
 */
export const daemon = (reporters$: Observable<Reporter>, stop$: Observable<unknown>): Observable<Command> => {
  // Each in a record of its own, so that the same one coming again is another one.
  const accepted$ = reporters$.pipe(
    map((start) => ({ start })),
    takeUntil(stop$),
  )
  return accepted$.pipe(
    connect(
      (newest$) =>
        newest$.pipe(
          concatMap((reporter) => {
            const current$ = newest$.pipe(take(1), takeUntil(stop$))
            const superseded$ = newest$.pipe(filter((newest) => newest !== reporter))
            return current$.pipe(
              switchMap((newest) =>
                newest === reporter ? reporter.start(merge(superseded$, stop$)) : EMPTY,
              ),
            )
          }),
        ),
      { connector: () => new ReplaySubject<{ start: Reporter }>(1) },
    ),
  )
}
