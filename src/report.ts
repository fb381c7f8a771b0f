import { inspect } from 'node:util'
import { isObservable, NEVER, type Observable } from 'rxjs'
import { only, type Reporter } from './daemon.js'
import { anyInCode, checked, functionInCode, observableInCode, optionsInCode } from './fields/codeOptions.js'
import type { Actuator, Command } from './model.js'
import { wellFormed } from './wellFormed.js'

/** A reporter, and what stops it. */
export interface ReportOptions extends Reporter {
  /** When it emits, sensors and actuators end; connections say OFFLINE and close; then the reporter completes. */
  readonly stop$?: Observable<unknown>
}

/**
 * Closes the circle: what sensors and actuators say goes to every connection, what connections hear goes to every
 * actuator. Emits the commands that came in. Subscribing starts it, unsubscribing stops it at once, `stop$` stops it
 * in an orderly way: when it has completed, everything is closed. What an actuator is doing then is cut off, since it
 * may take any time. A loop of commands is broken where it closes.
 *
 * ![marble diagram](../marbles/report-stop.svg)
 *
 * What is no reading (a value that is NaN, an object, a missing destination) is left out, and the log says whose it was.
 *
 * @throws TypeError for what is no option, sensor, connection or actuator.
 * @example
 * const attic$ = of({ destination: 'attic', value: 21 })
 * const local = localConnection({ name: 'local', commandSources: ['attic'], onGt: 20 }, console)
 * report({ sensors: [attic$], connections: [local] })
 * // → { source: 'attic', payload: 'ON', from: 'local' }
 */
export function report(options: ReportOptions): Observable<Command> {
  const { stop$ = NEVER, ...reporter } = checked('report', reportInCode, options)
  const { sensors, connections, actuators = [] } = reporter
  const faults = [
    ...faultsOf('sensors', 'a sensor (an Observable)', sensors, isObservable),
    ...faultsOf('connections', 'a connection (a function of readings)', connections, isFunction),
    ...faultsOf('actuators', 'an actuator (a function of commands)', actuators, isFunction),
  ]
  if (faults.length > 0) throw new TypeError(faults.join('\n'))
  const { log = console } = reporter
  const sound = {
    ...reporter,
    sensors: sensors.map((sensor, place) => sensor.pipe(wellFormed(log, `sensors[${place}]`))),
    actuators: actuators.map(
      (actuator, place): Actuator =>
        (commands$) =>
          actuator(commands$).pipe(wellFormed(log, `actuators[${place}]`)),
    ),
  }
  return only(sound, stop$)
}

/** What sensors, connections and actuators are is said below, each by its place. */
const reportInCode = optionsInCode({
  sensors: anyInCode,
  connections: anyInCode,
  actuators: anyInCode,
  isGone: functionInCode.optional(),
  log: anyInCode,
  stop$: observableInCode.optional(),
})

const isFunction = (value: unknown) => typeof value === 'function'

const faultsOf = (
  key: string,
  expected: string,
  parts: unknown,
  isSound: (part: unknown) => boolean,
): string[] =>
  Array.isArray(parts)
    ? parts.flatMap((part, place) =>
        isSound(part)
          ? []
          : [`report: ${key}[${place}]: expected ${expected}, got ${inspect(part, { depth: 0 })}`],
      )
    : [`report: ${key}: expected an array, each of it ${expected}, got ${inspect(parts, { depth: 0 })}`]
