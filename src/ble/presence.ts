import { connect, filter, map, merge, type Observable } from 'rxjs'
import * as z from 'zod'
import { describe, deviceAt } from '../description.js'
import { checked, inCode, listInCode, optionsInCode } from '../fields/codeOptions.js'
import { milliseconds, numbered, seconds, text, twoTexts } from '../fields/fields.js'
import { destination } from '../fields/topicFields.js'
import type { Sensor } from '../model.js'
import { presence } from '../operators/presence.js'
import { sensorPlugin } from '../plugin/plugin.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { deviceAddress, devicePairs, type PairProblem, pairProblems, withPairs } from './chosenDevices.js'

/** Whose presence to report, and where. */
export interface BtleSensorOptions {
  /** Pairs of an address and its destination: `[['aa:bb:cc:dd:ee:ff', 'phone']]`. */
  readonly devices: readonly (readonly [address: string, destination: string])[]
  /** Silence after which a device counts as absent, ms. */
  readonly within: number
  /** What to report of a device that is present, and of one that is absent. @default ['ON', 'OFF'] */
  readonly values?: readonly [present: string, absent: string]
}

/**
 * Reports which Bluetooth devices are present: ON at the first packet, OFF after silence.
 *
 * ![marble diagram](../../marbles/presence.svg)
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const packet = advertisement({ model: 'H5075', temperature: 21, humidity: 50, address: 'a4:c1:38:11:22:33' })
 * btleSensor(concat(of(packet), NEVER), { devices: [['a4:c1:38:11:22:33', 'attic']], within: 30_000 })
 * // → { destination: 'attic', value: 'ON' }, { destination: 'attic', value: 'OFF' }, …
 */
export function btleSensor(advertisements$: Observable<Advertisement>, options: BtleSensorOptions): Sensor {
  const {
    devices,
    within,
    values: [present, absent] = ['ON', 'OFF'],
  } = checked('btleSensor', presenceInCode, options)
  return advertisements$.pipe(
    map(({ address }) => addressDigits(address)),
    connect((heard$) =>
      merge(
        ...devices.map(([address, destination]) => {
          const own = addressDigits(address)
          const about = describePresence([address, destination], [present, absent])
          return heard$.pipe(
            filter((digits) => digits === own),
            presence(within),
            map((isPresent) => ({ destination, value: isPresent ? present : absent, about })),
          )
        }),
      ),
    ),
  )
}

const presenceInCode = optionsInCode({
  devices: listInCode(z.tuple([inCode(deviceAddress), inCode(destination)])),
  within: inCode(milliseconds(1)),
  values: listInCode(inCode(text), 2).optional(),
})

const describePresence = (
  [address, destination]: readonly [address: string, destination: string],
  words: readonly [string, string] = ['ON', 'OFF'],
) => {
  const device = Object.freeze({ ...deviceAt(destination), address: address.toUpperCase() })
  return describe(device, destination, 'presence', { words, deviceClass: 'presence' })
}

/** `[SensorN] Class = bt.btle_sensor.BtleSensor` */
export const BtleSensor = sensorPlugin({
  summary: 'Presence of Bluetooth Low Energy devices: ON at the first packet, OFF after silence.',
  options: withPairs(
    z.object({
      AddressX: numbered(deviceAddress).describe(
        'addresses of the devices (Address1, Address2 …), each with a DestinationX',
      ),
      DestinationX: numbered(destination).describe('where to say whether the device AddressX is present'),
      Timeout: seconds(0.1).describe('seconds without a packet after which a device is absent'),
      Poll: seconds(-1)
        .optional()
        .describe('not needed any more: once the pause between two scans, and now it listens all the time'),
      Values: twoTexts
        .prefault('ON,OFF')
        .describe('what to say of a device that is present, and of one that is absent'),
    }),
    neededPairs,
  ),
  describes: ({ AddressX, DestinationX, Values }) => ({
    topics: devicePairs(AddressX, DestinationX).map((pair) => describePresence(pair, Values)),
  }),
  create: ({ AddressX, DestinationX, Timeout, Values }, { advertisements$ }) =>
    btleSensor(advertisements$, {
      devices: devicePairs(AddressX, DestinationX),
      within: Timeout,
      values: Values,
    }),
})

/** `[SensorN] Class = bt.btscan_sensor.SimpleBtSensor` */
export const SimpleBtSensor = sensorPlugin({
  summary:
    'Presence of Bluetooth devices by their advertisements; for files that name it, else see BtleSensor.',
  options: withPairs(
    z.object({
      Poll: seconds(0.1)
        .describe('seconds without a packet after which a device is absent')
        .meta({ warn: listens }),
      Address: deviceAddress.optional().describe('address of the device, if there is only one'),
      Destination: destination.optional().describe('where to say ON when it is present, and OFF'),
      AddressX: numbered(deviceAddress).describe('addresses of the devices, each with a DestinationX'),
      DestinationX: numbered(destination).describe('where to say whether the device AddressX is present'),
    }),
    (options) => neededPairs(withSingle(options)),
  ),
  describes: (options) => {
    const { AddressX, DestinationX } = withSingle(options)
    return { topics: devicePairs(AddressX, DestinationX).map((pair) => describePresence(pair)) }
  },
  create: ({ Poll, ...options }, { advertisements$ }) => {
    const { AddressX, DestinationX } = withSingle(options)
    return btleSensor(advertisements$, { devices: devicePairs(AddressX, DestinationX), within: Poll })
  },
})

function listens(): string {
  return 'this class no longer asks devices, it listens to their Low Energy advertisements: one that sends none is never heard'
}

interface Pairs {
  readonly AddressX: Readonly<Record<string, string>>
  readonly DestinationX: Readonly<Record<string, string>>
}

/** What is wrong with the pairs of a section; at least one there must be. */
function neededPairs({ AddressX, DestinationX }: Pairs): PairProblem[] {
  if (Object.keys({ ...AddressX, ...DestinationX }).length > 0) return pairProblems(AddressX, DestinationX)
  return [{ path: [], message: 'Address1 and Destination1 are missing: whose presence to report, and where' }]
}

/** `Address` and `Destination` without a number are one pair more. */
const withSingle = ({
  AddressX,
  DestinationX,
  Address,
  Destination,
}: Pairs & { readonly Address?: string | undefined; readonly Destination?: string | undefined }): Pairs => ({
  AddressX: { ...AddressX, ...(Address !== undefined && { '': Address }) },
  DestinationX: { ...DestinationX, ...(Destination !== undefined && { '': Destination }) },
})
