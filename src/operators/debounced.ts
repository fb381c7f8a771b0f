import {
  asyncScheduler,
  distinctUntilChanged,
  map,
  type MonoTypeOperatorFunction,
  of,
  type SchedulerLike,
  switchMap,
  timer,
} from 'rxjs'

/**
 * Passes a value once it has stayed the same for `period` ms, and the first one at once: a contact that bounces is said
 * to have changed when it has come to rest.
 *
 * ![marble diagram](../../marbles/debounced.svg)
 *
 * @example
 * of(false, true, false, true).pipe(debounced(5))
 * // → false, true
 */
export const debounced =
  <T>(period: number, scheduler: SchedulerLike = asyncScheduler): MonoTypeOperatorFunction<T> =>
  (values$) =>
    values$.pipe(
      switchMap((value, index) =>
        index === 0 ? of(value) : timer(period, scheduler).pipe(map(() => value)),
      ),
      distinctUntilChanged(),
    )
