import type { z } from 'zod'
import type { Delivery, OfflinePolicy } from '../model.js'
import type { deliverySchema } from './deliverySchema.js'

type Texts = Partial<z.output<typeof deliverySchema>>

/** What the parameters of a section say of the delivery of its readings; `undefined` when they say nothing. */
export function deliveryOf(texts: Texts): Delivery | undefined {
  const { QoS, Retain, Spool } = texts
  const offline = offlineOf(texts)
  const delivery = {
    ...(QoS !== undefined && { qos: QoS }),
    ...(Retain !== undefined && { retain: Retain }),
    ...(offline !== undefined && { offline }),
    ...(Spool !== undefined && { spool: Spool }),
  }
  return Object.keys(delivery).length > 0 ? Object.freeze(delivery) : undefined
}

function offlineOf({ Offline, SendReadings, NumberOfReadings = 1 }: Texts): OfflinePolicy | undefined {
  if (Offline !== undefined || SendReadings === undefined) return Offline
  if (!SendReadings) return 'none'
  return NumberOfReadings === 0 ? 'all' : { last: NumberOfReadings }
}
