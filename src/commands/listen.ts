import type { Observable } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { bluetoothRadio } from '../bluetooth/bluetoothRadio.js'
import { replay } from '../captures/replay.js'
import type { Logger } from '../logging/logger.js'
import type { RadioOptions } from './radio.js'

/**
 * What the radio hears, for ever; or what a capture holds, and then it completes. A capture is read no faster than
 * `ready$` emits.
 */
export const listen = (
  { replay: capture, speed = 1 }: RadioOptions,
  log: Logger,
  ready$?: Observable<unknown>,
): Observable<Advertisement> => {
  if (capture === undefined) return bluetoothRadio(log).advertisements$
  const source = capture === '-' ? process.stdin : capture
  return replay({ source, speed, log, ...(ready$ && { ready$ }) })
}
