import { takeUntil, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { nobleAdvertisements } from '../bluetooth/nobleAdvertisements.js'
import { replay } from '../bluetooth/replay.js'
import { sharedRadio } from '../bluetooth/sharedRadio.js'
import type { Logger } from '../logging/logger.js'
import { keepWhileUnheard } from '../operators/keepWhileUnheard.js'

export interface RadioOptions {
  /** A capture to play instead of listening; `-` is standard input. */
  readonly replay?: string | undefined
  readonly speed?: number | 'max' | undefined
}

/** What waits at most while one configuration closes and the next one starts. */
const waiting = 100_000

/** The one source of advertisements of the process: the Bluetooth adapter, or a capture in its place. */
export function radio(
  { replay: capture, speed = 1 }: RadioOptions,
  log: Logger,
  stop$: Observable<unknown>,
): Observable<Advertisement> {
  if (capture === undefined) return sharedRadio(nobleAdvertisements(log), log)
  const source = capture === '-' ? process.stdin : capture
  const played$ = replay({ source, speed, log }).pipe(
    tap({ complete: () => log.info('the replay has ended; the program goes on until it is told to stop') }),
    takeUntil(stop$),
  )
  return played$.pipe(keepWhileUnheard(waiting))
}
