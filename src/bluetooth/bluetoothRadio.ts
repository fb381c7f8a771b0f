import { defer, distinctUntilChanged, filter, identity, merge, ReplaySubject, share } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Advertisement } from './advertisement.js'
import type { BluetoothOptions } from './bluetoothOptions.js'
import { heardAtLeast } from './heardAtLeast.js'
import { isAdvertisement } from './isAdvertisement.js'
import { keepListening } from './keepListening.js'
import { namedLog } from './namedLog.js'
import { overallState } from './overallState.js'
import type { Radio } from './radio.js'
import type { RadioState } from './radioState.js'
import { sameState } from './sameState.js'
import { strongest } from './strongest.js'

/**
 * The Bluetooth radio of this machine. While anybody listens it is kept listening: opened again when it fails or comes
 * back, and tried to be cured when it goes deaf; without Bluetooth it says what is missing and keeps trying.
 *
 * @example
 * const { advertisements$, state$ } = bluetoothRadio(console, { adapters: ['hci0', 'hci1'], minRssi: -90 })
 * const rooms$ = goveeSensor(advertisements$, { destination: 'govee' })
 * const deaf$ = state$.pipe(filter(({ kind }) => kind === 'deaf'))
 */
export function bluetoothRadio(log: Logger, options: BluetoothOptions = {}): Radio {
  const { adapters = [undefined], silence = 90_000, restart = 900_000, minRssi } = options
  const state$ = new ReplaySubject<RadioState>(1)

  const advertisements$ = defer(() => {
    const states = new Map<string | undefined, RadioState>()
    const isHeard = (
      sign: Advertisement | RadioState,
      adapter: string | undefined,
    ): sign is Advertisement => {
      if (isAdvertisement(sign)) return true
      states.set(adapter, sign)
      state$.next(overallState([...states.values()]) ?? sign)
      return false
    }
    const listeners = adapters.map((adapter) =>
      keepListening({
        adapter,
        log: adapters.length > 1 ? namedLog(log, adapter) : log,
        silence,
        restart,
      }).pipe(filter((sign) => isHeard(sign, adapter))),
    )
    return merge(...listeners).pipe(adapters.length > 1 ? strongest() : identity, heardAtLeast(minRssi))
  })
  return {
    advertisements$: advertisements$.pipe(share()),
    state$: state$.pipe(distinctUntilChanged(sameState)),
  }
}
