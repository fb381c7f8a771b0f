import { defer, distinctUntilChanged, EMPTY, filter, ignoreElements, merge, of, retry } from 'rxjs'
import { switchMap, throwError, timeout, timer } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Advertisement } from './advertisement.js'
import { radioError } from './radioError.js'
import type { Scanner } from './scanner.js'

const patience = 10_000
const peace = 60_000

/**
 * Keeps an opened radio listening: starts the scan when the adapter is on, again when it comes back on, and again when
 * another program stops it. A state that does not mend itself is an error (see `radioError`); being switched off is not.
 */
export const scanning = (scanner: Scanner, log: Logger): Observable<Advertisement> =>
  scanner.state$.pipe(
    filter((state) => state !== 'unknown' && state !== 'resetting'),
    distinctUntilChanged(),
    timeout({ first: patience, with: () => of('ETIMEDOUT') }),
    switchMap((state) => {
      if (state === 'poweredOn') return merge(scanner.advertisements$, keepScan(scanner, log))
      if (state !== 'poweredOff') return throwError(() => radioError(state))
      log.warn(
        'The Bluetooth adapter is switched off: run sudo rfkill unblock bluetooth && bluetoothctl power on.',
      )
      return EMPTY
    }),
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
