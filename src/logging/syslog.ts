import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Socket } from 'node:net'
import { catchError, NEVER, Observable, skipUntil, timer } from 'rxjs'
import type { Logger } from '../model.js'
import { prioritised, type Sink, writeTo } from './records.js'

/**
 * Log lines to the local syslog as `sensor_reporter[pid]`, facility daemon, through the system's `logger`: Node has no
 * datagram sockets of the local kind. Fails when there is no syslog, no `logger`, or when it ends.
 */
export const syslog =
  (log: Logger, socket = '/dev/log'): Sink =>
  (records$) =>
    new Observable((subscriber) => {
      if (!existsSync(socket))
        throw new Error(
          `There is no syslog at ${socket}: start one (journald, rsyslog) or set Syslog = NO in [Logging].`,
        )
      const child = spawn(
        'logger',
        [
          '--prio-prefix',
          ...['--priority', 'daemon.info', '--tag', 'sensor_reporter', `--id=${process.pid}`],
          ...['--size', '8KiB', '--socket-errors=on', '--socket', socket],
        ],
        // Our environment holds secrets, which are no business of its.
        { stdio: ['pipe', 'ignore', 'pipe'], env: { PATH: process.env.PATH } },
      )
      child.unref()
      for (const pipe of [child.stdin, child.stderr]) if (pipe instanceof Socket) pipe.unref()
      let reason = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (reason = text.trim().slice(0, 200)))
      child.on('error', ({ message }) =>
        subscriber.error(new Error(`Syslog needs the program logger (util-linux): ${message}.`)),
      )
      child.on('close', (code, signal) =>
        subscriber.error(
          new Error(
            `The program logger has ended (${reason || String(code ?? signal)}), so syslog gets no lines.`,
          ),
        ),
      )
      subscriber.add(() => child.stdin.destroy())
      records$
        .pipe(
          writeTo(child.stdin, prioritised, log),
          // That the pipe broke is less than what the end of `logger` tells.
          catchError(() => NEVER),
          // One that cannot log takes a line or two before it dies: it is believed when it has lived for a while.
          skipUntil(timer(5000)),
        )
        .subscribe(subscriber)
    })
