import { z } from 'zod'
import { integer } from './fields/integer.js'
import { names } from './fields/names.js'
import { seconds } from './fields/seconds.js'

/** What `[Bluetooth]` knows; nothing reads it yet. */
export const bluetoothSchema = z.object({
  Adapter: names
    .optional()
    .describe('the adapter to listen with, or several with commas between them: hci0,hci1'),
  Silence: seconds(1)
    .optional()
    .describe('seconds without any advertisement after which the scan is restarted'),
  Restart: seconds(0).optional().describe('seconds of silence after which the program gives up; 0 for never'),
  Expire: seconds(0)
    .optional()
    .describe('seconds after which a device that is not heard counts as gone; 0 for never'),
  MinRssi: integer(-127, 20).optional().describe('weakest signal that is listened to, in dBm'),
})
