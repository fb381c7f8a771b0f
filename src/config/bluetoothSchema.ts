import * as z from 'zod'
import { adapters } from './fields/adapters.js'
import { integer } from './fields/integer.js'
import { seconds } from './fields/seconds.js'

/** What `[Bluetooth]` knows. */
export const bluetoothSchema = z.object({
  Adapter: adapters
    .optional()
    .describe(
      'the adapter to listen with, or several with commas between them: hci0,hci1; else the first one',
    ),
  Silence: seconds(0)
    .prefault('90')
    .describe(
      'seconds without any advertisement after which the scan is restarted and more is tried; 0 for never',
    ),
  Restart: seconds(0)
    .prefault('900')
    .describe(
      'seconds of deafness after which the program ends with exit code 3, to be started afresh; 0 for never',
    ),
  Expire: seconds(0)
    .prefault('600')
    .describe('seconds after which a device that is not heard counts as gone; 0 for never'),
  MinRssi: integer(-127, 20).optional().describe('weakest signal that is listened to, in dBm'),
})
