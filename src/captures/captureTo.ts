import type { Writable } from 'node:stream'
import { asyncScheduler, concat, defer, filter, identity, map, of, tap, type OperatorFunction } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import type { Logger } from '../logging/logger.js'
import { writeTo } from '../logging/writeTo.js'
import type { CaptureWriter } from './captureWriter.js'

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
