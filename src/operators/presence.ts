import {
  asyncScheduler,
  distinctUntilChanged,
  map,
  type OperatorFunction,
  type SchedulerLike,
  startWith,
  switchMap,
  timer,
} from 'rxjs'

/**
 * Says `true` at the first packet and `false` after `within` ms of silence, which counts from the start on: what is never
 * heard is said to be absent once.
 *
 * ![marble diagram](../../marbles/presence.svg)
 *
 * @example
 * of('a packet').pipe(concatWith(NEVER), presence(60_000))
 * // → true, false, …
 */
export const presence =
  (within: number, scheduler: SchedulerLike = asyncScheduler): OperatorFunction<unknown, boolean> =>
  (packets$) => {
    const silent$ = timer(within, scheduler).pipe(map(() => false))
    const heard$ = silent$.pipe(startWith(true))
    return packets$.pipe(
      map(() => heard$),
      startWith(silent$),
      switchMap((state$) => state$),
      distinctUntilChanged(),
    )
  }
