import * as z from 'zod'
import { most, offlinePolicy, qos } from '../fields/delivery.js'
import { boolean, integer, path } from '../fields/fields.js'
import type { Delivery, OfflinePolicy } from '../model.js'
import { spoolDoubt } from '../spool/storage.js'

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

/** How readings are delivered, as a section says it of its own, and a connection of those whose section does not. */
export const deliverySchema = z.object({
  QoS: qos
    .optional()
    .describe(
      '0: a reading is sent once; 1: until the broker acknowledges it; 2: likewise, and not twice over one link; else as the connection says, else 0',
    ),
  Retain: boolean
    .optional()
    .describe(
      'whether the broker keeps the latest reading, events never, for whoever subscribes later; else as the connection says, else NO',
    ),
  Offline: offlinePolicy
    .optional()
    .describe(
      'which readings taken while the broker is away it gets afterwards: none, latest, last N or all; else as the connection says, else latest',
    ),
  Spool: path
    .meta({ warn: spoolDoubt })
    .optional()
    .describe(
      'file in which they survive a restart, with Offline = last N or all; for more than one connection PATH.Name each',
    ),
  SendReadings: boolean
    .optional()
    .describe(
      'as the original sensor_reporter has it: YES is Offline = last NumberOfReadings, NO is Offline = none',
    ),
  NumberOfReadings: integer(0, most)
    .optional()
    .describe('with SendReadings = YES, how many; without it 1, and 0 is Offline = all'),
})
