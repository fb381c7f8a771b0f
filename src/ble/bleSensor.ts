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
import { checked, inCode, recordInCode } from '../plugin/codeOptions.js'
import { boolean, milliseconds, number } from '../plugin/fields.js'
import { nearest, quoteText } from '../plugin/problems.js'
import { destination as topic } from '../plugin/topicFields.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { deviceAddress, missingDevices } from './chosenDevices.js'
import { deviceStatus } from './deviceStatus.js'
import { formats } from './formats/formats.js'
import type { Format } from './formats/format.js'
import { govee } from './formats/govee/govee.js'
import { type Medium, mediumNames, mopeka, mopekaWith } from './formats/mopeka.js'
import { keyBytes, keyLengths } from './keys.js'
import { deviceReports, type Offsets, type Report, reportsOf } from './reports.js'

/** What to report of the sensors in range, and where. */
export interface GoveeSensorOptions {
  /** Devices are reported below `<destination>/<name>/`. */
  readonly destination: string
  /** Only these devices, each below its own destination: `{ 'a4:c1:38:11:22:33': 'attic' }`. */
  readonly devices?: Readonly<Record<string, string>>
  /** What is added to the values of a device, by its address: `{ 'a4:c1:38:11:22:33': { temperature_c: -0.4 } }`. */
  readonly offsets?: Readonly<Record<string, Offsets>>
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

/** Which brands, too. */
export interface BleSensorOptions extends GoveeSensorOptions {
  /** Only devices of these brands, in any case. @default all that can be read */
  readonly brands?: readonly string[]
  /** Formats of one's own, which are asked first. */
  readonly formats?: readonly Format[]
  /** The keys of devices that encrypt what they say, hex digits by address. */
  readonly keys?: Readonly<Record<string, string>>
  /** What the tanks under Mopeka's sensors hold, by address: `{ 'a4:c1:38:11:22:33': 'water' }`. @default propane */
  readonly media?: Readonly<Record<string, Medium>>
}

/**
 * Reports every sensor that is heard, of every brand that can be read: what it measures or what happened, its battery and the
 * RSSI of the packet. Repeats of one event, packets that are known to be wrong, and those that somebody recorded and sends again
 * are left out. With a log, it says once of each device that it is heard, or how to get its key where that is missing, and which of
 * the chosen ones are not heard.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const tag = advertisement({ brand: 'Ruuvi', temperature: 21.705, humidity: 50.25 })
 * bleSensor(of(tag), { destination: 'air' }).pipe(
 *   map(({ destination, value }) => `${destination} ${value}`),
 * )
 * // → 'air/RuuviTag_2233/temp_c 21.705', 'air/RuuviTag_2233/temp_f 71.07', …
 */
export function bleSensor(
  advertisements$: Observable<Advertisement>,
  options: BleSensorOptions,
  log?: Logger,
): Sensor {
  const { devices, interval = 0, onChange = false, expire = 0 } = checked('bleSensor', sensorInCode, options)
  const reports = whatToReport(options)
  return defer(() => {
    const missing = log && devices && missingDevices(reports.formats, devices, log)
    return advertisements$.pipe(
      missing ? tap(missing.hear) : identity,
      map(deviceReports(reports, log)),
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

/**
 * Reports every Govee sensor that is heard, as `bleSensor` does. With a log, devices that look like Govee's but are not known
 * are said there once.
 *
 * @example
 * const packet = advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2 })
 * goveeSensor(of(packet), { destination: 'govee' }).pipe(
 *   map(({ destination, value }) => `${destination} ${value}`),
 * )
 * // → 'govee/GVH5075_2233/temp_c 21.7', 'govee/GVH5075_2233/temp_f 71.1', …
 */
export const goveeSensor = (
  advertisements$: Observable<Advertisement>,
  options: GoveeSensorOptions,
  log?: Logger,
): Sensor => bleSensor(advertisements$, { ...options, brands: [govee.brand] }, log)

const whatToReport = ({
  formats = [],
  brands,
  destination,
  devices,
  keys,
  offsets,
  media,
}: BleReportsOptions) => ({
  formats: [...formats, ...formatsOf(brands).map((format) => (format === mopeka ? inTanks(media) : format))],
  destination,
  chosen: devices,
  keys: byAddress(keys, keyOf),
  offsets: byAddress(offsets, (offsets) => offsets),
})

/** Mopeka's format for tanks that hold what is said of them. */
function inTanks(media: BleSensorOptions['media']): Format {
  const mediumOf = byAddress(media, (medium) => medium)
  return mediumOf ? mopekaWith((address) => mediumOf.get(addressDigits(address)) ?? 'propane') : mopeka
}

/** Which devices are reported, and where. */
export type BleReportsOptions = Omit<BleSensorOptions, 'interval' | 'onChange' | 'expire'>

/**
 * What every sensor says that is heard, of every brand that can be read: one object for each packet, with all that it measures.
 * Like `bleSensor` it leaves out repeats and packets that are known to be wrong. `readingsOf` makes readings of what you make of them.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const tag = advertisement({ brand: 'Ruuvi', temperature: 21.705, humidity: 50.25 })
 * bleReports(of(tag), { destination: 'air' }).pipe(map(({ measurement }) => measurement.humidity))
 * // → 50.25
 */
export function bleReports(
  advertisements$: Observable<Advertisement>,
  options: BleReportsOptions,
  log?: Logger,
): Observable<Report> {
  const reports = whatToReport(checked('bleReports', z.object(optionsInCode), options))
  return defer(() =>
    advertisements$.pipe(
      map(reportsOf(reports, log)),
      filter((report) => report !== undefined),
    ),
  )
}

/**
 * What every Govee sensor says that is heard, as `bleReports` has it.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const packet = advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2, rssi: -61 })
 * goveeReports(of(packet), { destination: 'govee' }).pipe(
 *   map(({ device, model, measurement, rssi }) => [device, model, measurement.temperature_c, rssi]),
 * )
 * // → ['govee/GVH5075_2233', 'H5075', 21.7, -61]
 */
export const goveeReports = (
  advertisements$: Observable<Advertisement>,
  options: Pick<GoveeSensorOptions, 'destination' | 'devices' | 'offsets'>,
  log?: Logger,
): Observable<Report> => bleReports(advertisements$, { ...options, brands: [govee.brand] }, log)

const optionsInCode = {
  destination: inCode(topic),
  devices: recordInCode(deviceAddress, inCode(topic)).optional(),
  offsets: recordInCode(deviceAddress, z.record(z.string(), inCode(number))).optional(),
  brands: z.array(z.string()).optional(),
  keys: z.record(z.string(), z.string()).superRefine(keysByAddress).optional(),
  media: recordInCode(deviceAddress, z.enum(mediumNames)).optional(),
}

const sensorInCode = z.object({
  ...optionsInCode,
  interval: inCode(milliseconds(0)).optional(),
  onChange: inCode(boolean).optional(),
  expire: inCode(milliseconds(0)).optional(),
})

/** Says that addresses are expected without quoting what stands there: it may be a key. */
function keysByAddress(keys: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  for (const address of Object.keys(keys))
    if (!deviceAddress.safeParse(address).success)
      context.addIssue({
        code: 'custom',
        message: `expected Bluetooth addresses such as A4:C1:38:11:22:33 with a key each, got another text of ${address.length} characters`,
      })
}

const asReport = (reading: Reading): DeviceReport => ({ device: reading.destination, readings: [reading] })

/** The formats of some brands, or all of them. Throws an Error for one that there is not. */
function formatsOf(brands: readonly string[] | undefined): readonly Format[] {
  return brands?.map(formatOf) ?? formats
}

function formatOf(name: string): Format {
  const found = formats.find(({ brand }) => brand.toLowerCase() === name.toLowerCase())
  if (found) return found
  const known = formats.map(({ brand }) => brand)
  const meant = nearest(name, known)
  throw new TypeError(
    `expected ${known.join(', ')}, got ${quoteText(name)}${meant === undefined ? '' : `: did you mean ${meant}?`}`,
  )
}

const byAddress = <Given, Kept>(
  given: Readonly<Record<string, Given>> | undefined,
  keep: (value: Given) => Kept,
) => {
  const entries = Object.entries(given ?? {})
  // Where there are none, no packet need be looked up.
  return entries.length === 0
    ? undefined
    : new Map(entries.map(([address, value]) => [addressDigits(address), keep(value)]))
}

/** The bytes of a key. Throws an Error that does not quote it. */
function keyOf(key: string): Uint8Array {
  const bytes = keyBytes(key)
  if (!bytes) throw new TypeError(`expected a key of ${keyLengths}, got ${key.length} characters`)
  return bytes
}
