import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { catchError, concatMap, defer, EMPTY, finalize, identity, of, repeat, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Advertisement } from './advertisement.js'
import { lines } from './lines.js'
import { parseCaptureLine } from './parseCaptureLine.js'
import { recordedTime } from './recordedTime.js'

export interface ReplayOptions {
  /** Path of a capture, played in recorded time; or a stream such as `process.stdin`, whose lines count as they arrive. */
  readonly source: string | Readable
  /** How many times as fast as recorded (1 when absent); `max` does not wait. */
  readonly speed?: number | 'max'
  readonly log: Logger
}

/**
 * Plays a JSON Lines capture in the radio's place, then completes. A line that is no advertisement is logged and skipped;
 * a source that cannot be read is an error that names it. Reads no further ahead than a chunk, whatever its size; a given
 * stream is destroyed at the end.
 *
 * @example replay({ source: 'kitchen.jsonl', speed: 60, log }).subscribe(console.log)
 */
export const replay = ({ source, speed = 1, log }: ReplayOptions): Observable<Advertisement> =>
  defer(() => {
    const input = typeof source === 'string' ? createReadStream(source) : source
    const batches = lines(input as AsyncIterable<Uint8Array | string>)
    const paced =
      typeof source === 'string' && speed !== 'max' ? recordedTime<Advertisement>(speed) : identity
    let number = 0
    let ended = false

    const parse = (line: string): Advertisement[] => {
      number += 1
      if (line.trim() === '') return []
      try {
        return [parseCaptureLine(line)]
      } catch (error) {
        log.warn(`line ${number} is no advertisement and is skipped: ${(error as Error).message}`)
        return []
      }
    }

    // The next batch is read only when this one has been passed on: that is all the back-pressure there is.
    return defer(() => batches.next()).pipe(
      concatMap((batch) => {
        ended = batch.done === true
        return batch.done ? EMPTY : batch.value
      }),
      concatMap(parse),
      paced,
      repeat({ delay: () => (ended ? EMPTY : of(undefined)) }),
      catchError((error: unknown) => throwError(() => unreadable(source, error))),
      finalize(() => input.destroy()),
    )
  })

function unreadable(source: string | Readable, cause: unknown): Error {
  const name = typeof source === 'string' ? `the capture ${source}` : 'the given capture'
  return new Error(`Cannot read ${name}: ${(cause as Error).message}. Check the path and its permissions.`, {
    cause,
  })
}
