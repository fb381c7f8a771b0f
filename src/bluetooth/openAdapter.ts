import { catchError, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import { openHci } from './openHci.js'
import { openNoble } from './openNoble.js'
import { radioError } from './radioError.js'
import type { Scanner } from './scanner.js'

/**
 * Opens an adapter of this machine (`hci1`; without a name the first one) on subscription, when noble is loaded, too, and
 * closes it on unsubscription. An error says in one line what is missing and how to mend it, and leaves nothing behind.
 */
export const openAdapter = (log: Logger, name?: string): Observable<Scanner> => {
  const hasHci = process.platform === 'linux' || process.platform === 'freebsd'
  return (hasHci ? openHci(name) : openNoble(log)).pipe(
    catchError((error: unknown) => throwError(() => radioError(error, name))),
  )
}
