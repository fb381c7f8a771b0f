import {
  asyncScheduler,
  connect,
  distinctUntilChanged,
  filter,
  identity,
  merge,
  scan,
  startWith,
  throttleTime,
} from 'rxjs'
import type { OperatorFunction, SchedulerLike } from 'rxjs'

/** What a switch can be told. */
export type SwitchCommand = 'ON' | 'OFF' | 'TOGGLE'

/**
 * The state of a switch, `true` for on: the initial one, then each that differs from the one before. Toggling again within
 * `debounce` ms is ignored, since two connections may bring one press twice.
 *
 * ![marble diagram](../../marbles/switched.svg)
 *
 * @example
 * of<SwitchCommand[]>('ON', 'TOGGLE').pipe(switched(false, 150))
 * // → false, true, false
 */
export const switched =
  (
    initial: boolean,
    debounce: number,
    scheduler: SchedulerLike = asyncScheduler,
  ): OperatorFunction<SwitchCommand, boolean> =>
  (commands$) =>
    commands$.pipe(
      connect((shared$) =>
        merge(
          shared$.pipe(filter((command) => command !== 'TOGGLE')),
          shared$.pipe(
            filter((command) => command === 'TOGGLE'),
            debounce > 0 ? throttleTime(debounce, scheduler) : identity,
          ),
        ),
      ),
      scan((on, command) => (command === 'TOGGLE' ? !on : command === 'ON'), initial),
      startWith(initial),
      distinctUntilChanged(),
    )
