import {
  connect,
  defer,
  EMPTY,
  endWith,
  filter,
  identity,
  ignoreElements,
  map,
  merge,
  type Observable,
  takeUntil,
  tap,
} from 'rxjs'
import * as z from 'zod'
import type { Logger, Reading, Sensor } from '../model.js'
import { onlyChanges } from '../operators/onlyChanges.js'
import { type DeviceReport, eachReading, throttleReports } from '../operators/throttleReadings.js'
import { boolean, numbered, seconds } from '../plugin/fields.js'
import { sensorPlugin } from '../plugin/plugin.js'
import { destination as topic } from '../plugin/topicFields.js'
import type { Advertisement } from '../radio/advertisement.js'
import { deviceAddress, devicePairs, missingDevices, pairProblems, withPairs } from './chosenDevices.js'
import { deviceStatus } from './deviceStatus.js'
import type { Format } from './formats/format.js'
import { govee } from './formats/govee/govee.js'
import { deviceReports } from './reports.js'

/** What to report of the Govee sensors in range, and where. */
export interface GoveeSensorOptions {
  /** Devices are reported below `<destination>/<name>/`. */
  readonly destination: string
  /** Only these devices, each below its own destination: `{ 'a4:c1:38:11:22:33': 'attic' }`. */
  readonly devices?: Readonly<Record<string, string>>
  /**
   * At most one report per device in this time (ms), the latest; with `onChange`, when to repeat what did not change.
   * Events (a button, a vibration) never wait.
   */
  readonly interval?: number
  /** Only values that differ from the last one sent. */
  readonly onChange?: boolean
  /** How long a device may be unheard (ms) before its `status` is OFFLINE and nothing repeats its readings. @default never */
  readonly expire?: number
}

/**
 * Reports every Govee sensor that is heard: what it measures or what happened, its battery and the RSSI of the packet.
 * Repeats of one event and packets that are known to be wrong are left out. With a log, devices that look like Govee's
 * but are not known are said there once, and so are devices that are heard, and chosen ones that are not.
 *
 * @example
 * const packet = advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2 })
 * goveeSensor(of(packet), { destination: 'govee' }).pipe(
 *   map(({ destination, value }) => `${destination} ${value}`),
 * )
 * // → 'govee/GVH5075_2233/temp_c 21.7', 'govee/GVH5075_2233/temp_f 71.1', …
 */
export function goveeSensor(
  advertisements$: Observable<Advertisement>,
  options: GoveeSensorOptions,
  log?: Logger,
): Sensor {
  return bleSensor(govee, advertisements$, options, log)
}

/** Reports the devices whose packets a format reads, as `goveeSensor` does. */
function bleSensor(
  format: Format,
  advertisements$: Observable<Advertisement>,
  options: GoveeSensorOptions,
  log?: Logger,
): Sensor {
  const { destination, devices, interval = 0, onChange = false, expire = 0 } = options
  return defer(() => {
    const missing = log && devices && missingDevices(format, devices, log)
    return advertisements$.pipe(
      missing ? tap(missing.hear) : identity,
      map(deviceReports(format, destination, devices, log)),
      filter((report) => report !== undefined),
      connect((reports$) =>
        merge(
          reports$.pipe(interval > 0 && !onChange ? throttleReports(interval) : identity),
          expire > 0
            ? reports$.pipe(deviceStatus(expire, Object.values(devices ?? {}), undefined, log), map(asReport))
            : EMPTY,
          missing ? missing.said$.pipe(takeUntil(reports$.pipe(ignoreElements(), endWith(0)))) : EMPTY,
        ),
      ),
      eachReading(),
      onChange ? onlyChanges(interval > 0 ? interval : Infinity) : identity,
    )
  })
}

const asReport = (reading: Reading): DeviceReport => ({ device: reading.destination, readings: [reading] })

/** `[SensorN] Class = govee.govee_sensor.GoveeSensor` */
export const GoveeSensor = sensorPlugin({
  summary: 'Govee sensors of every kind, heard over Bluetooth.',
  options: withPairs(
    z.object({
      Destination: topic.describe('every sensor in range is reported below `<Destination>/<name>/`'),
      AddressX: numbered(deviceAddress).describe(
        'only these devices (Address1, Address2 …), each with a DestinationX',
      ),
      DestinationX: numbered(topic).describe('where the device AddressX is reported'),
      Interval: seconds(0)
        .default(0)
        .describe('seconds; at most one report per device in that time, the latest (0: every one)'),
      OnChange: boolean
        .default(false)
        .describe(
          'only values that differ from the last one sent, at once; an unchanged one again after Interval',
        ),
    }),
    ({ AddressX, DestinationX }) => pairProblems(AddressX, DestinationX),
  ),
  create: (
    { Destination, AddressX, DestinationX, Interval, OnChange },
    { advertisements$, expire = 0, log },
  ) => {
    const pairs = devicePairs(AddressX, DestinationX)
    const options = {
      destination: Destination,
      ...(pairs.length > 0 && { devices: Object.fromEntries(pairs) }),
      interval: Interval,
      onChange: OnChange,
      expire,
    }
    return goveeSensor(advertisements$, options, log)
  },
})
