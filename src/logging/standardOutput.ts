import { fstatSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { catchError, defer } from 'rxjs'
import type { Logger } from '../model.js'
import { messageText, prioritised, type Sink, timestamped, writeTo } from './records.js'

/**
 * systemd names the stream it reads by device and inode: systemd.exec(5), $JOURNAL_STREAM. As big integers, since Node 20 keeps the
 * other numbers in one place, where its loader of modules takes the mode of a pipe for that of a folder: it then resolves no
 * symbolic link, and a plug-in gets a second copy of a package.
 */
const readByJournald = (fd: number) => {
  const { dev, ino } = fstatSync(fd, { bigint: true })
  return process.env.JOURNAL_STREAM === `${dev}:${ino}`
}

/**
 * Log lines to standard output, or another standard stream; with priorities instead of times when journald reads it.
 * A reader that is gone or asleep and a full disk never block: Node does not wait for pipes, though its manual says so.
 */
export const standardOutput =
  (log: Logger, stream: Writable & { readonly fd: number }): Sink =>
  (records$) =>
    defer(() => {
      // A terminal stopped with Ctrl-S must not stop the program: Node would wait for it, and has no public way not to.
      const { _handle } = stream as { _handle?: { setBlocking?(blocking: boolean): void } }
      if ('isTTY' in stream) _handle?.setBlocking?.(false)
      return records$.pipe(
        writeTo(stream, readByJournald(stream.fd) ? prioritised : timestamped, log),
        catchError((error: unknown) => {
          throw new Error(
            `Log lines are lost here: nobody reads them or the disk is full (${messageText([error])}).`,
          )
        }),
      )
    })
