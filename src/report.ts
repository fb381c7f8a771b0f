import { connect, defer, merge, NEVER, Subject, takeUntil, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Actuator, Command, Connection, Sensor } from './model.js'

/** What makes up a reporter. */
export interface ReportOptions {
  readonly sensors: readonly Sensor[]
  readonly connections: readonly Connection[]
  readonly actuators?: readonly Actuator[]
  /** When it emits, sensors and actuators end; connections say OFFLINE and close; then the reporter completes. */
  readonly stop$?: Observable<unknown>
}

/**
 * Closes the circle: what sensors and actuators say goes to every connection, what connections hear goes to every
 * actuator. Emits the commands that came in. Subscribing starts it, unsubscribing stops it at once, `stop$` stops it
 * in an orderly way: when it has completed, everything is closed.
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
}: ReportOptions): Observable<Command> =>
  defer(() => {
    const commands$ = new Subject<Command>()
    const results = actuators.map((actuator) => actuator(commands$))
    const readings$ = merge(...results, ...sensors).pipe(takeUntil(stop$))
    return readings$.pipe(
      connect((shared$) => merge(...connections.map((connection) => shared$.pipe(connection)))),
      tap((command) => commands$.next(command)),
    )
  })
