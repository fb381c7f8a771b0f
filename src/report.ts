import { NEVER, type Observable, of } from 'rxjs'
import { daemon, type Reporter } from './daemon.js'
import type { Command } from './model.js'

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
 * @example
 * const attic$ = of({ destination: 'attic', value: 21 })
 * const local = localConnection({ name: 'local', commandSources: ['attic'], onGt: 20 }, console)
 * report({ sensors: [attic$], connections: [local] })
 * // → { source: 'attic', payload: 'ON', from: 'local' }
 */
export const report = ({ stop$ = NEVER, ...reporter }: ReportOptions): Observable<Command> =>
  daemon(of(reporter), stop$)
