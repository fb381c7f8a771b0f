import * as z from 'zod'
import { boolean } from '../config/fields/boolean.js'
import { integer } from '../config/fields/integer.js'
import { offlinePolicy } from '../config/fields/offlinePolicy.js'
import { path } from '../config/fields/path.js'
import { qos } from '../config/fields/qos.js'
import { spoolDoubt } from '../spool/spoolDoubt.js'

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
      'whether the broker keeps the latest reading for whoever subscribes later; else as the connection says, else NO',
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
  NumberOfReadings: integer(0, 100_000)
    .optional()
    .describe('with SendReadings = YES, how many; without it 1, and 0 is Offline = all'),
})
