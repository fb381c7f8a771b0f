import type { DropReason } from '../delivery/deliveryCounts.js'
import type { Logger } from '../logging/logger.js'

/** Says in the log that readings are lost because too many wait, once, and how many those were when the link is back. */
export function sayOverflow(log: Logger) {
  let lost = 0
  return {
    dropped: (reason: DropReason): void => {
      if (reason !== 'overflow') return
      if (lost === 0) log.warn('no more readings can wait for the broker: the oldest are dropped')
      lost += 1
    },
    ended: (unsaved: number): void => {
      if (unsaved > 0)
        log.warn(
          `${unsaved} readings that waited for the broker are lost: with a Spool they would be delivered later`,
        )
    },
    back: (): void => {
      if (lost > 0) log.warn(`${lost} readings were dropped, since no more could wait for the broker`)
      lost = 0
    },
  }
}
