import {
  asyncScheduler,
  distinctUntilChanged,
  EMPTY,
  endWith,
  map,
  type MonoTypeOperatorFunction,
  of,
  type SchedulerLike,
  switchMap,
  timer,
} from 'rxjs'

/**
 * Passes changes of a state: `false` at once, `true` when it has lasted for `period` ms. What has not lasted that long
 * when the source completes is dropped.
 *
 * ![marble diagram](../../marbles/heldFor.svg)
 *
 * @example
 * const isCold$ = timer(0, 40_000).pipe(map((count) => count !== 1))
 * isCold$.pipe(take(3), concatWith(NEVER), heldFor(60_000))
 * // → false, true, …
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
