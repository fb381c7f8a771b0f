import type { Writable } from 'node:stream'
import {
  asyncScheduler,
  concat,
  defer,
  filter,
  fromEvent,
  identity,
  map,
  merge,
  type Observable,
  of,
  type OperatorFunction,
  take,
  tap,
} from 'rxjs'
import { writeTo } from '../logging/records.js'
import type { Logger } from '../model.js'
import type { Advertisement } from '../radio/advertisement.js'

/**
 * Writes advertisements as a capture; one that does not say when it was heard was heard now. That one cannot be written is
 * logged once. Completes when all is written, and leaves the stream open.
 */
export const captureTo =
  (output: Writable, { header, record }: CaptureWriter, log: Logger): OperatorFunction<Advertisement, void> =>
  (advertisements$) =>
    defer(() => {
      let said = false
      const records$ = advertisements$.pipe(
        map((advertisement) => record({ at: asyncScheduler.now(), ...advertisement })),
        tap((bytes) => {
          if (bytes !== undefined || said) return
          said = true
          log.warn(
            'Devices without an address of six bytes are left out, this format cannot hold them: record JSON Lines.',
          )
        }),
        filter((bytes) => bytes !== undefined),
      )
      return concat(of(header), records$).pipe(writeTo(output, identity<string | Uint8Array>, log))
    })

/** Writes one kind of capture. */
export interface CaptureWriter {
  /** What the file begins with. */
  readonly header: Uint8Array
  /** An advertisement as it stands in the file; undefined for one that cannot. */
  readonly record: (advertisement: Advertisement) => Uint8Array | string | undefined
}

/** Emits once, when a stream can take more: at once, or when its reader has caught up. Also when it is closed. */
export const drained = (stream: Writable): Observable<unknown> =>
  defer(() =>
    stream.writableNeedDrain
      ? merge(fromEvent(stream, 'drain'), fromEvent(stream, 'close')).pipe(take(1))
      : of(undefined),
  )
