import {
  defer,
  filter,
  finalize,
  from,
  map,
  merge,
  mergeMap,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  ReplaySubject,
  shareReplay,
  switchMap,
  take,
  takeUntil,
} from 'rxjs'
import { newest } from '../memory.js'
import { isWithdrawal, type Reading } from '../model.js'

/**
 * Passes readings on and repeats the latest one of every destination whenever `refresh$` emits. Not events, for a button that was
 * pressed is not pressed again; and not what is retained, for the broker repeats that itself.
 * Memory is bounded: beyond `limit` destinations the one not heard for longest is no longer repeated.
 *
 * ![marble diagram](../../marbles/refreshable.svg)
 *
 * @example
 * const attic = (value: number) => ({ destination: 'attic', value })
 * of(attic(21)).pipe(concatWith(NEVER), refreshable(interval(60_000)))
 * // → attic(21), attic(21), attic(21), …
 */
export const refreshable =
  (refresh$: Observable<unknown>, limit = 100_000): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const ended$ = new ReplaySubject<void>(1)
      // One memory for all that passes, replayed to every refresh. To replay each reading would cost more than all the rest.
      const memory$ = defer(() => of(newest<Reading>(limit))).pipe(
        shareReplay({ bufferSize: 1, refCount: true }),
      )
      const live$ = memory$.pipe(
        switchMap((latest) =>
          readings$.pipe(
            map((reading) => {
              if (reading.forgets) for (const destination of reading.forgets) latest.delete(destination)
              if (!reading.event && !reading.retain && !isWithdrawal(reading))
                latest.put(reading.destination, reading)
              return reading
            }),
          ),
        ),
        // Unlike `tap` it costs no reading anything.
        finalize(() => ended$.next()),
      )
      const repeated$ = refresh$.pipe(
        switchMap(() => memory$.pipe(take(1))),
        mergeMap((latest) =>
          // What a newer reading overtakes in the middle of the repetition must not be said after it.
          from(latest.values()).pipe(filter((reading) => latest.get(reading.destination) === reading)),
        ),
        takeUntil(ended$),
      )
      return merge(live$, repeated$)
    })
