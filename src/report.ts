import { connect, defer, merge, NEVER, Subject, takeUntil, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { remember } from './bounded.js'
import type { Logger } from './logging/logger.js'
import type { Actuator, Command, Connection, Sensor } from './model.js'
import { turns } from './operators/turns.js'

/** What makes up a reporter. */
export interface ReportOptions {
  readonly sensors: readonly Sensor[]
  readonly connections: readonly Connection[]
  readonly actuators?: readonly Actuator[]
  /** When it emits, sensors and actuators end; connections say OFFLINE and close; then the reporter completes. */
  readonly stop$?: Observable<unknown>
  /** Told once of every loop: commands of which each leads to the next at once, and the last one to the first. */
  readonly log?: Logger
}

/**
 * Closes the circle: what sensors and actuators say goes to every connection, what connections hear goes to every
 * actuator. Emits the commands that came in. Subscribing starts it, unsubscribing stops it at once, `stop$` stops it
 * in an orderly way: when it has completed, everything is closed. What an actuator is doing then is cut off, since it
 * may take any time. A loop of commands is broken where it closes.
 *
 * ![marble diagram](../marbles/report-stop.svg)
 *
 * @example report({ sensors: [heartbeat], connections: [mqtt], stop$ }).subscribe()
 */
export const report = ({
  sensors,
  connections,
  actuators = [],
  stop$ = NEVER,
  log,
}: ReportOptions): Observable<Command> =>
  defer(() => {
    const commands$ = new Subject<Command>()
    const inTurn = turns(sayLoops(log))
    const results = actuators.map((actuator) => actuator(commands$))
    const readings$ = merge(...results, ...sensors).pipe(inTurn(), takeUntil(stop$))
    return readings$.pipe(
      connect((shared$) => merge(...connections.map((connection) => shared$.pipe(connection)))),
      inTurn(({ source }) => source),
      tap((command) => commands$.next(command)),
    )
  })

function sayLoops(log: Logger | undefined): (names: readonly string[]) => void {
  const said = new Map<string, true>()
  return (names) => {
    const isLoop = names[0] === names.at(-1)
    const members = isLoop ? [...new Set(names)].sort().join('\n') : ''
    if (said.has(members)) return
    remember(said, members, true, 1000)
    const fault = isLoop
      ? 'each of these commands leads to the next at once, without end; it is broken here'
      : 'so many commands follow from the first one at once that the rest of them is dropped'
    log?.warn(`${names.join(' → ')}: ${fault}`)
  }
}
