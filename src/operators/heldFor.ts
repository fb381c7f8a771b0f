import { asyncScheduler, distinctUntilChanged, EMPTY, endWith, map, of, switchMap, timer } from 'rxjs'
import type { MonoTypeOperatorFunction, SchedulerLike } from 'rxjs'

/**
 * Passes changes of a state: `false` at once, `true` when it has lasted for `period` ms. What has not lasted that long
 * when the source completes is dropped.
 *
 * @example tooCold$.pipe(heldFor(60_000))
 */
export const heldFor =
  (period: number, scheduler: SchedulerLike = asyncScheduler): MonoTypeOperatorFunction<boolean> =>
  (states$) =>
    states$.pipe(
      distinctUntilChanged(),
      endWith(undefined),
      switchMap((state) => {
        if (state === undefined) return EMPTY
        return state ? timer(period, scheduler).pipe(map(() => true)) : of(false)
      }),
      distinctUntilChanged(),
    )
