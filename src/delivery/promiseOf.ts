import type { Delivery, Reading } from '../model.js'
import type { Parcel } from './parcel.js'

/** What is promised of a reading that cannot be sent now. An event that is not part of a series would be too late by then. */
export function promiseOf({ event, delivery }: Reading, preset: Delivery): Pick<Parcel, 'keep' | 'series'> {
  const offline = delivery?.offline ?? preset.offline ?? 'latest'
  if (offline === 'all') return { keep: Infinity, series: true }
  if (typeof offline === 'object') return { keep: offline.last, series: true }
  return { keep: offline === 'latest' && !event ? 1 : 0, series: false }
}
