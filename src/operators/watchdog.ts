import {
  asyncScheduler,
  concat,
  distinctUntilChanged,
  EMPTY,
  endWith,
  expand,
  map,
  NEVER,
  of,
  type OperatorFunction,
  type SchedulerLike,
  skip,
  startWith,
  switchAll,
  throttleTime,
  timer,
} from 'rxjs'

const longestPause = 10 * 60_000

/**
 * Raises alarms about a source that has gone silent: 1 after `silence` ms without a value (to 1 %), then 2, 3 … after
 * pauses of a third of that, doubled each time, up to 10 minutes; 0 when a value comes again. With a silence of 0 never.
 *
 * ![marble diagram](../../marbles/watchdog.svg)
 *
 * @example
 * NEVER.pipe(watchdog(90_000))
 * // → 1, 2, 3, …
 */
export const watchdog = (
  silence: number,
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<unknown, number> => {
  const pause = (alarm: number) => Math.min((silence / 3) * 2 ** (alarm - 1), longestPause)
  const alarms$ =
    silence === 0
      ? NEVER
      : timer(silence, scheduler).pipe(
          map(() => 1),
          expand((alarm) => timer(pause(alarm), scheduler).pipe(map(() => alarm + 1))),
        )
  return (source$) =>
    source$.pipe(
      // A timer for every value of a busy source would cost more than all the rest.
      throttleTime(silence / 100, scheduler),
      startWith(undefined),
      map(() => concat(of(0), alarms$)),
      endWith(EMPTY),
      switchAll(),
      distinctUntilChanged(),
      skip(1),
    )
}
