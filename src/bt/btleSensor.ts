import { connect, filter, map, merge, type Observable } from 'rxjs'
import * as z from 'zod'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { destination } from '../config/fields/destination.js'
import { numbered } from '../config/fields/numbered.js'
import { seconds } from '../config/fields/seconds.js'
import { twoTexts } from '../config/fields/twoTexts.js'
import { sensorPlugin } from '../config/plugin.js'
import { addressDigits } from '../govee/addressDigits.js'
import { deviceAddress } from '../govee/deviceAddress.js'
import type { Sensor } from '../model.js'
import { presence } from '../operators/presence.js'
import { devicePairs } from './devicePairs.js'
import { deviceProblems } from './deviceProblems.js'

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
