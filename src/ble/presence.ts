import { connect, filter, map, merge, type Observable } from 'rxjs'
import * as z from 'zod'
import type { Sensor } from '../model.js'
import { presence } from '../operators/presence.js'
import { numbered, seconds, twoTexts } from '../plugin/fields.js'
import { sensorPlugin } from '../plugin/plugin.js'
import { destination } from '../plugin/topicFields.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { pairProblems } from './bleSensor.js'
import { deviceAddress } from './devices.js'

/** Whose presence to report, and where. */
export interface BtleSensorOptions {
  /** Pairs of an address and its destination: `[['aa:bb:cc:dd:ee:ff', 'phone']]`. */
  readonly devices: readonly (readonly [address: string, destination: string])[]
  /** Silence after which a device counts as absent, ms. */
  readonly within: number
  /** What to report of a device that is present, and of one that is absent. */
  readonly values?: readonly [present: string, absent: string]
}

/**
 * Reports which Bluetooth devices are present: ON at the first packet, OFF after silence.
 *
 * ![marble diagram](../../marbles/presence.svg)
 *
 * @example
 * const packet = advertisement({ model: 'H5075', temperature: 21, humidity: 50, address: 'a4:c1:38:11:22:33' })
 * btleSensor(concat(of(packet), NEVER), { devices: [['a4:c1:38:11:22:33', 'attic']], within: 30_000 })
 * // → { destination: 'attic', value: 'ON' }, { destination: 'attic', value: 'OFF' }, …
 */
export const btleSensor = (
  advertisements$: Observable<Advertisement>,
  { devices, within, values: [present, absent] = ['ON', 'OFF'] }: BtleSensorOptions,
): Sensor =>
  advertisements$.pipe(
    map(({ address }) => addressDigits(address)),
    connect((heard$) =>
      merge(
        ...devices.map(([address, destination]) => {
          const own = addressDigits(address)
          return heard$.pipe(
            filter((digits) => digits === own),
            presence(within),
            map((isPresent) => ({ destination, value: isPresent ? present : absent })),
          )
        }),
      ),
    ),
  )

/** `[SensorN] Class = bt.btle_sensor.BtleSensor` */
export const BtleSensor = sensorPlugin({
  summary: 'Presence of Bluetooth Low Energy devices: ON at the first packet, OFF after silence.',
  options: z
    .object({
      AddressX: numbered(deviceAddress).describe(
        'addresses of the devices (Address1, Address2 …), each with a DestinationX',
      ),
      DestinationX: numbered(destination).describe('where to say whether the device AddressX is present'),
      Timeout: seconds(0.1).describe('seconds without a packet after which a device is absent'),
      Poll: seconds(0)
        .optional()
        .describe('not needed any more: once the pause between two scans, and now it listens all the time'),
      Values: twoTexts
        .prefault('ON,OFF')
        .describe('what to say of a device that is present, and of one that is absent'),
    })
    .superRefine(
      ({ AddressX, DestinationX }, context) => {
        for (const { path, message } of deviceProblems(AddressX, DestinationX))
          context.addIssue({ code: 'custom', path: [...path], message })
      },
      { when: () => true },
    ),
  create: ({ AddressX, DestinationX, Timeout, Values }, { advertisements$ }) =>
    btleSensor(advertisements$, {
      devices: devicePairs(AddressX, DestinationX),
      within: Timeout,
      values: Values,
    }),
})

/** Puts the numbered parameters `AddressX` and `DestinationX` together. */
export const devicePairs = (
  addresses: Readonly<Record<string, string>>,
  destinations: Readonly<Record<string, string>>,
): (readonly [address: string, destination: string])[] =>
  Object.entries(addresses).map(([number, address]) => [address, destinations[number] ?? ''])

type Numbered = Readonly<Record<string, unknown>> | undefined

interface DeviceProblem {
  readonly path: readonly string[]
  readonly message: string
}

/** What is wrong with the pairs of `AddressX` and `DestinationX`; at least one there must be. */
export function deviceProblems(addresses: Numbered = {}, destinations: Numbered = {}): DeviceProblem[] {
  if (Object.keys({ ...addresses, ...destinations }).length > 0) return pairProblems(addresses, destinations)
  return [{ path: [], message: 'Address1 and Destination1 are missing: whose presence to report, and where' }]
}

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
