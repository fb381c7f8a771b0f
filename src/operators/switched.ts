import {
  asyncScheduler,
  connect,
  defer,
  distinctUntilChanged,
  filter,
  identity,
  merge,
  mergeMap,
  type OperatorFunction,
  scan,
  type SchedulerLike,
  startWith,
  throttleTime,
} from 'rxjs'
import { escapeControls } from '../fields/problems.js'
import type { Command, Logger } from '../model.js'

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

/** As buttons say when they were pressed: `2021-10-24T16:23:41.500792`, `2022-02-27T17:58:45.165491+0100`. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d|Z)?$/

/** Whether a text means that something is to be switched over: `TOGGLE`, or an ISO time, when somebody wanted that. */
export const isToggle = (text: string): boolean => text === 'TOGGLE' || time.test(text)

/** What a payload tells a switch; a time is that of a press, and toggles. `undefined` when it tells it nothing. */
export function switchCommand(payload: string): SwitchCommand | undefined {
  if (isToggle(payload)) return 'TOGGLE'
  return payload === 'ON' || payload === 'OFF' ? payload : undefined
}

/** What commands tell, as `read` has it of their payloads. Of several in a row that tell nothing, the first is logged. */
export const understood =
  <T>(
    read: (payload: string) => T | undefined,
    expected: string,
    log: Logger,
  ): OperatorFunction<Command, T> =>
  (commands$) =>
    defer(() => {
      let said = false
      return commands$.pipe(
        mergeMap(({ source, payload }) => {
          const told = read(payload)
          if (told === undefined && !said)
            log.warn(`expected ${expected} on ${source}, got "${escapeControls(payload.slice(0, 40))}"`)
          said = told === undefined
          return told === undefined ? [] : [told]
        }),
      )
    })
