import {
  catchError,
  concat,
  concatMap,
  connect,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  retry,
  startWith,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  timeout,
  timer,
} from 'rxjs'
import type { Logger } from '../model.js'
import { supervise } from '../operators/supervise.js'
import { type Deadlines, deafness, type Remedy } from './deafness.js'
import { openAdapter, radioError } from './openAdapter.js'
import type { Scanner } from './openHci.js'
import { isAdvertisement, type RadioState, type Sign } from './state.js'

/**
 * Listens with one adapter (`hci1`; without a name the first one there) and does what can be done to go on: emits what is
 * heard, and the state whenever it changes.
 */
export const keepListening = (log: Logger, deadlines: Deadlines, adapter?: string): Observable<Sign> =>
  defer(() => {
    const remedies$ = new Subject<Remedy>()
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
          shared$.pipe(deafness(deadlines, log, (remedy) => remedies$.next(remedy))),
        ),
      ),
    )
  })

/**
 * Keeps an opened radio listening: starts the scan when the adapter is on, again when it comes back on, and again when
 * another program stops it; reports when the scan has begun and when the adapter is off. A state that does not mend
 * itself is an error (see `radioError`).
 */
export const scanning = (scanner: Scanner, log: Logger, adapter?: string): Observable<Sign> =>
  scanner.state$.pipe(
    filter((state) => state !== 'unknown' && state !== 'resetting'),
    distinctUntilChanged(),
    timeout({ first: patience, with: () => of('ETIMEDOUT') }),
    switchMap((state) => {
      if (state === 'poweredOn') {
        return merge(scanner.advertisements$, hearing(scanner), keepScan(scanner, log))
      }
      if (state !== 'poweredOff') return throwError(() => radioError(state, adapter))
      return timer(grace).pipe(
        tap(() => log.warn(off.reason)),
        map(() => off),
      )
    }),
  )

/** How long an adapter may say nothing of its state, and for how long one is not off that is being switched off and on, ms. */
const [patience, grace] = [10_000, 5_000]

const off = {
  kind: 'off',
  reason:
    'The Bluetooth adapter is switched off: run sudo rfkill unblock bluetooth && bluetoothctl power on.',
} as const

/** Reports once that the radio listens: the adapter has agreed to, or something is heard all the same. */
const hearing = ({ started$, advertisements$ }: Scanner): Observable<RadioState> =>
  merge(started$, advertisements$).pipe(
    take(1),
    map(() => ({ kind: 'listening' })),
  )

/** Restarts a disturbed scan after 1, 2, 4 … 60 s, or two programs would chase each other; after a minute of peace anew. */
const keepScan = (scanner: Scanner, log: Logger): Observable<never> =>
  defer(() => {
    scanner.start()
    const disturbed$ = scanner.disturbed$.pipe(switchMap(() => throwError(() => new Error('disturbed'))))
    return merge(timer(peace), disturbed$)
  }).pipe(
    retry({
      resetOnSuccess: true,
      delay: (_, count) => {
        if (count === 1) log.warn('Another program changed the Bluetooth scan; starting it again.')
        return timer(Math.min(1000 * 2 ** (count - 1), peace))
      },
    }),
    ignoreElements(),
  )

const peace = 60_000
