import {
  defer,
  distinctUntilChanged,
  filter,
  finalize,
  identity,
  merge,
  type MonoTypeOperatorFunction,
  type Observable,
  ReplaySubject,
  share,
} from 'rxjs'
import { checked } from '../fields/codeOptions.js'
import type { Logger } from '../model.js'
import type { Advertisement } from './advertisement.js'
import { keepListening } from './keepListening.js'
import {
  bluetoothInCode,
  type BluetoothOptions,
  isAdvertisement,
  overallState,
  type Radio,
  type RadioState,
  sameState,
  type Sign,
} from './state.js'
import { strongest } from './strongest.js'

/**
 * The Bluetooth radio of this machine. While anybody listens it is kept listening: opened again when it fails or comes
 * back, and tried to be cured when it goes deaf; without Bluetooth it logs what is missing and keeps trying.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const { advertisements$, state$ } = bluetoothRadio(console, { adapters: ['hci0', 'hci1'], minRssi: -90 })
 * const rooms$ = goveeSensor(advertisements$, { destination: 'govee' })
 * const deaf$ = state$.pipe(filter(({ kind }) => kind === 'deaf'))
 */
export function bluetoothRadio(log: Logger = console, options: BluetoothOptions = {}): Radio {
  const {
    adapters = [undefined],
    silence = 90_000,
    restart = 900_000,
    minRssi,
  } = checked('bluetoothRadio', bluetoothInCode, options)
  const state$ = new ReplaySubject<RadioState>(1)

  const advertisements$ = defer(() => {
    const states = new Map<string | undefined, RadioState>()
    const inUse = new Set<number>()
    const isHeard = (sign: Sign, adapter: string | undefined): sign is Advertisement => {
      if (isAdvertisement(sign)) return true
      states.set(adapter, sign)
      state$.next(overallState(states) ?? sign)
      return false
    }
    const several = adapters.length > 1
    const heard = adapters.map((adapter) => {
      const reserved = adapters.flatMap((other) => (other === adapter ? [] : (other ?? [])))
      const wanted = { adapter, reserved, inUse }
      return keepListening(several ? namedLog(log, adapter) : log, { silence, restart }, wanted).pipe(
        filter((sign) => isHeard(sign, adapter)),
      )
    })
    return merge(...heard).pipe(
      several ? strongest() : identity,
      heardAtLeast(minRssi),
      finalize(() => state$.next({ kind: 'stopped' })),
    )
  })
  return {
    advertisements$: advertisements$.pipe(share()),
    state$: state$.pipe(distinctUntilChanged(sameState)),
  }
}

/**
 * What the Bluetooth radio of this machine hears, for those who need not know how the radio is doing: `bluetoothRadio`
 * says that too. One scan serves all subscribers and runs while there are any. It never fails: without Bluetooth it
 * logs what is missing, and keeps trying.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * goveeSensor(advertisements(console), { destination: 'govee' })
 */
export const advertisements = (
  log: Logger = console,
  options: BluetoothOptions = {},
): Observable<Advertisement> =>
  bluetoothRadio(log, checked('advertisements', bluetoothInCode, options)).advertisements$

/** Passes packets of at least this strength (dBm), and those whose strength was not measured; all of them without one. */
export const heardAtLeast = (minRssi: number | undefined): MonoTypeOperatorFunction<Advertisement> =>
  minRssi === undefined ? identity : filter(({ rssi }) => rssi === undefined || rssi >= minRssi)

/** A log whose lines begin with a name, for several of a kind: `hci1: hears again after 95 s`. */
function namedLog(log: Logger, name = ''): Logger {
  const named =
    (level: keyof Logger) =>
    (...parts: unknown[]) =>
      log[level](`${name}:`, ...parts)
  return { debug: named('debug'), info: named('info'), warn: named('warn'), error: named('error') }
}
