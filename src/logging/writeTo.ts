import type { Writable } from 'node:stream'
import { Observable, type OperatorFunction } from 'rxjs'
import type { Logger } from './logger.js'

// A write may still fail when nobody is interested any more, and an 'error' without listener ends the process.
const ignore = () => undefined

/**
 * Writes lines (or other records) to a stream, never more than `limit` bytes ahead of its reader: those beyond are dropped,
 * and how many is logged when it flows again. Emits whenever one has arrived. Leaves the stream open.
 */
export const writeTo =
  <Line>(
    stream: Writable,
    format: (line: Line) => string | Uint8Array,
    log: Logger,
    limit = 2 ** 20,
  ): OperatorFunction<Line, void> =>
  (lines$) =>
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
        lines$.subscribe({
          next: (line) => {
            if (stream.writableLength > limit) dropped++
            else stream.write(format(line), (error) => error ?? subscriber.next())
          },
          error: failed,
          // An empty write is through when all before it are.
          complete: () => stream.write('', (error) => error ?? subscriber.complete()),
        }),
      )
    })
