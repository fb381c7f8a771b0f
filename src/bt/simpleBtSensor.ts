import * as z from 'zod'
import { destination } from '../config/fields/destination.js'
import { numbered } from '../config/fields/numbered.js'
import { seconds } from '../config/fields/seconds.js'
import { sensorPlugin } from '../config/plugin.js'
import { deviceAddress } from '../govee/deviceAddress.js'
import { btleSensor } from './btleSensor.js'
import { devicePairs } from './devicePairs.js'
import { deviceProblems } from './deviceProblems.js'

const listens = () =>
  'this class no longer asks devices, it listens to their Low Energy advertisements: one that sends none is never heard'

/** `Address` without a number is one more of the numbered ones. */
const withSingle = (numbered: Readonly<Record<string, string>>, single: string | undefined) => ({
  ...numbered,
  ...(single !== undefined && { '': single }),
})

/** `[SensorN] Class = bt.btscan_sensor.SimpleBtSensor` */
export const SimpleBtSensor = sensorPlugin({
  summary:
    'Presence of Bluetooth devices by their advertisements; for files that name it, else see BtleSensor.',
  options: z
    .object({
      Poll: seconds(0.1)
        .describe('seconds without a packet after which a device is absent')
        .meta({ warn: listens }),
      Address: deviceAddress.optional().describe('address of the device, if there is only one'),
      Destination: destination.optional().describe('where to say ON when it is present, and OFF'),
      AddressX: numbered(deviceAddress).describe('addresses of the devices, each with a DestinationX'),
      DestinationX: numbered(destination).describe('where to say whether the device AddressX is present'),
    })
    .superRefine(
      ({ AddressX, Address, DestinationX, Destination }, context) => {
        const problems = deviceProblems(withSingle(AddressX, Address), withSingle(DestinationX, Destination))
        for (const { path, message } of problems)
          context.addIssue({ code: 'custom', path: [...path], message })
      },
      { when: () => true },
    ),
  create: ({ Poll, AddressX, Address, DestinationX, Destination }, { advertisements$ }) =>
    btleSensor(advertisements$, {
      devices: devicePairs(withSingle(AddressX, Address), withSingle(DestinationX, Destination)),
      within: Poll,
    }),
})
