import { catchError, switchMap, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Advertisement } from './advertisement.js'
import { openHci } from './openHci.js'
import { openNoble } from './openNoble.js'
import { radioError } from './radioError.js'
import { scanning } from './scanning.js'

/**
 * Everything this machine's Bluetooth adapter hears. The adapter is opened on subscription (noble is not even loaded before)
 * and closed on unsubscription; an error says in one line what is missing and how to mend it, and leaves nothing behind.
 *
 * @example nobleAdvertisements(log).pipe(supervise(log)).subscribe(({ address, rssi }) => console.log(address, rssi))
 */
export const nobleAdvertisements = (log: Logger): Observable<Advertisement> => {
  const hasHci = process.platform === 'linux' || process.platform === 'freebsd'
  return (hasHci ? openHci() : openNoble()).pipe(
    catchError((error: unknown) => throwError(() => radioError(error))),
    switchMap((scanner) => scanning(scanner, log)),
  )
}
