import { execFile } from 'node:child_process'
import { EMPTY, type Observable, ignoreElements, interval, startWith, tap } from 'rxjs'
import { libc } from '../gpio/kernel/libc.js'
import type { Logger } from '../model.js'

/** The service manager that has started the process, if it wants to know how that is doing. */
export interface ServiceManager {
  /** Tells it such as `READY=1` or `STATUS=connected`. */
  readonly notify: (...states: readonly string[]) => void
  /** Tells it again and again, while subscribed, that the process is not stuck: as often as it wants to hear that. Never emits. */
  readonly alive$: Observable<never>
}

/**
 * Speaks to systemd as sd_notify(3) says: by a datagram, which Node cannot send itself, or by the program `systemd-notify`.
 * Where nobody wants to know, nothing happens.
 */
export function serviceManager(log: Logger, env: NodeJS.ProcessEnv = process.env): ServiceManager {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC, WATCHDOG_PID = `${process.pid}` } = env
  // What the program starts is not to speak in its name.
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) Reflect.deleteProperty(env, name)
  if (!socket) return { notify: () => undefined, alive$: EMPTY }

  let said = false
  const fault = (error: Error) => {
    if (!said) log.warn(`systemd cannot be told how the program is doing: ${error.message}`)
    said = true
  }
  const notify = (...states: readonly string[]) => {
    try {
      libc().sendTo(socket, states.join('\n'))
    } catch {
      const options = { env: { PATH: env.PATH, NOTIFY_SOCKET: socket } }
      execFile(
        'systemd-notify',
        [`--pid=${process.pid}`, ...states],
        options,
        (error) => error && fault(error),
      )
    }
  }
  const period = WATCHDOG_PID === `${process.pid}` ? Number(WATCHDOG_USEC) / 1000 : NaN
  const alive$ =
    period > 0
      ? interval(period / 3).pipe(
          startWith(0),
          tap(() => notify('WATCHDOG=1')),
          ignoreElements(),
        )
      : EMPTY
  return { notify, alive$ }
}
