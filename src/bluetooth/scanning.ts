import { defer, distinctUntilChanged, filter, ignoreElements, map, merge, of, retry, take, tap } from 'rxjs'
import { switchMap, throwError, timeout, timer } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Advertisement } from './advertisement.js'
import { radioError } from './radioError.js'
import type { RadioState } from './radioState.js'
import type { Scanner } from './scanner.js'

const patience = 10_000
const peace = 60_000
/** An adapter that is being switched off and on is not off. */
const grace = 5_000

const listening: RadioState = { kind: 'listening' }
const off = {
  kind: 'off',
  reason:
    'The Bluetooth adapter is switched off: run sudo rfkill unblock bluetooth && bluetoothctl power on.',
} as const

/**
 * Keeps an opened radio listening: starts the scan when the adapter is on, again when it comes back on, and again when
 * another program stops it; says so when the scan has begun and when the adapter is off. A state that does not mend
 * itself is an error (see `radioError`).
 */
export const scanning = (
  scanner: Scanner,
  log: Logger,
  adapter?: string,
): Observable<Advertisement | RadioState> =>
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

/** Says once that the radio listens: the adapter has agreed to, or something is heard all the same. */
const hearing = ({ started$, advertisements$ }: Scanner): Observable<RadioState> =>
  merge(started$, advertisements$).pipe(
    take(1),
    map(() => listening),
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
