import type { Writable } from 'node:stream'
import { Observable } from 'rxjs'
import type { Logger } from './logger.js'
import type { LogRecord } from './logRecord.js'
import type { Sink } from './sink.js'

// A write may still fail when nobody is interested any more, and an 'error' without listener ends the process.
const ignore = () => undefined

/**
 * Writes records to a stream, never more than `limit` bytes ahead of its reader: lines beyond are dropped, and how many
 * is logged when it flows again. Leaves the stream open.
 */
export const writeTo =
  (stream: Writable, format: (record: LogRecord) => string, log: Logger, limit = 2 ** 20): Sink =>
  (records$) =>
    new Observable((subscriber) => {
      let dropped = 0
      const failed = (error: unknown) => subscriber.error(error)
      const drained = () => {
        if (dropped > 0)
          log.warn(`${dropped} lines were lost here: they were not read as fast as they were written.`)
        dropped = 0
      }
      stream.off('error', ignore).on('error', ignore).on('error', failed).on('drain', drained)
      subscriber.add(() => stream.off('error', failed).off('drain', drained))
      subscriber.add(
        records$.subscribe({
          next: (record) => {
            if (stream.writableLength > limit) dropped++
            else stream.write(format(record), (error) => error ?? subscriber.next())
          },
          error: failed,
          // An empty write is through when all before it are.
          complete: () => stream.write('', (error) => error ?? subscriber.complete()),
        }),
      )
    })
