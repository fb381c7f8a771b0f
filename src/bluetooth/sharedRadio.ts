import { share } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import { supervise } from '../operators/supervise.js'
import type { Advertisement } from './advertisement.js'

/**
 * One scan for all sensors: open while anybody subscribes, tried again (see `supervise`) when it fails.
 *
 * @example sharedRadio(nobleAdvertisements(log), log)
 */
export const sharedRadio = (
  advertisements$: Observable<Advertisement>,
  log: Logger,
): Observable<Advertisement> => advertisements$.pipe(supervise(log), share())
