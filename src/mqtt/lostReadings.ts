import type { DropReason } from '../delivery/kept.js'
import type { Logger } from '../model.js'

/** Logs that readings are lost because too many wait, once, and how many those were when the link is back; and at the end what was not delivered. */
export function logLostReadings(log: Logger) {
  let lost = 0
  let isFirst = true
  const early = { superseded: 0, offline: 0 }
  return {
    dropped: (reason: DropReason): void => {
      if (isFirst && (reason === 'superseded' || reason === 'offline')) early[reason] += 1
      if (reason !== 'overflow') return
      if (lost === 0) log.warn('no more readings can wait for the broker: the oldest are dropped')
      lost += 1
    },
    ended: (unsaved: number, latest = 0): void => {
      if (unsaved > 0)
        log.warn(
          `${unsaved} readings that waited for the broker are lost: with a Spool they would be delivered later`,
        )
      if (latest > 0) log.warn(`${latest} readings are lost: the broker did not take them before the end`)
      if (early.offline > 0)
        log.warn(
          `${early.offline} readings are lost: they came before the broker, and were not to wait for it`,
        )
      if (early.superseded > 0)
        log.info(
          `${early.superseded} readings were replaced by newer ones before the broker came: with Offline = all it would have got them, too`,
        )
    },
    back: (): void => {
      isFirst = false
      if (lost > 0) log.warn(`${lost} readings were dropped, since no more could wait for the broker`)
      lost = 0
    },
  }
}
