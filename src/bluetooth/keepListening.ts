import { catchError, concat, concatMap, connect, defer, EMPTY, filter, ignoreElements, merge } from 'rxjs'
import { startWith, Subject, switchMap, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import { supervise } from '../operators/supervise.js'
import type { Advertisement } from './advertisement.js'
import { deafness } from './deafness.js'
import { isAdvertisement } from './isAdvertisement.js'
import type { Rung } from './ladder.js'
import { openAdapter } from './openAdapter.js'
import type { RadioState } from './radioState.js'
import type { Scanner } from './scanner.js'
import { scanning } from './scanning.js'

export interface KeepListeningOptions {
  /** Its Linux name, `hci1`; the first one there when absent. */
  readonly adapter: string | undefined
  /** See `BluetoothOptions`. */
  readonly silence: number
  readonly restart: number
  readonly log: Logger
}

/** Listens with one adapter and does what can be done to go on: says what is heard, and the state whenever it changes. */
export const keepListening = ({
  adapter,
  log,
  silence,
  restart,
}: KeepListeningOptions): Observable<Advertisement | RadioState> =>
  defer(() => {
    const remedies$ = new Subject<Rung['remedy']>()
    const absences$ = new Subject<RadioState>()
    let scanner: Scanner | undefined
    let excuse: string | undefined

    const signs$ = remedies$.pipe(
      filter((remedy) => remedy === 'open anew'),
      startWith(undefined),
      switchMap(() => openAdapter(log, adapter)),
      switchMap((opened) => scanning((scanner = opened), log, adapter)),
      tap({
        error: (error: unknown) => {
          const { cause, message } = error as Error
          // One that does not answer is there all the same, and a power cycle may wake it up.
          if (cause !== 'ETIMEDOUT') absences$.next({ kind: 'missing', reason: message })
        },
      }),
      filter((sign) => {
        // To `supervise` every sign is one of life, but what is off does not work again yet.
        const isOff = !isAdvertisement(sign) && sign.kind === 'off'
        if (isOff) absences$.next(sign)
        return !isOff
      }),
      supervise(log),
    )
    const explain = (error: unknown) => {
      const { message } = error as Error
      if (message !== excuse) log.warn(`The Bluetooth adapter cannot be switched off and on: ${message}.`)
      excuse = message
      return EMPTY
    }
    const repairs$ = remedies$.pipe(
      filter((remedy) => remedy !== 'open anew'),
      concatMap((remedy) =>
        concat(
          remedy === 'power-cycle' && scanner ? scanner.powerCycle().pipe(catchError(explain)) : EMPTY,
          defer(() => {
            scanner?.start()
            return EMPTY
          }),
        ),
      ),
      ignoreElements(),
    )
    return merge(repairs$, absences$, signs$).pipe(
      connect((shared$) =>
        merge(
          shared$.pipe(filter(isAdvertisement)),
          shared$.pipe(deafness({ silence, restart, log, apply: (remedy) => remedies$.next(remedy) })),
        ),
      ),
    )
  })
