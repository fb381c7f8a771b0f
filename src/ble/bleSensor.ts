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
import {
  checked,
  inCode,
  listInCode,
  optionsInCode,
  recordInCode,
  wordInCode,
} from '../fields/codeOptions.js'
import { boolean, field, milliseconds, number } from '../fields/fields.js'
import { nearest } from '../fields/problems.js'
import { destination as topic } from '../fields/topicFields.js'
import type { Logger, Reading, Sensor } from '../model.js'
import { onlyChanges } from '../operators/onlyChanges.js'
import { type DeviceReport, eachReading, throttleReports } from '../operators/throttleReadings.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { deviceAddress, missingDevices } from './chosenDevices.js'
import { deviceStatus } from './deviceStatus.js'
import type { Format } from './formats/format.js'
import { formats } from './formats/formats.js'
import { govee } from './formats/govee/govee.js'
import { type Medium, mediumNames, mopeka, mopekaIn } from './formats/mopeka.js'
import { keyBytes, keyLengths } from './keys.js'
import { quantityOf } from './quantities.js'
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
  const stated = checked('bleSensor', sensorInCode, options)
  const { devices, interval = 0, onChange = false, expire = 0 } = stated
  const reports = whatToReport(stated)
  return defer(() => {
    const missing = log && devices && missingDevices(reports.formats, devices, log)
    return advertisements$.pipe(
      missing ? tap(missing.hear) : identity,
      map(deviceReports(reports, log)),
      filter((report) => report !== undefined),
      connect((reports$) =>
        merge(
          // Before its readings, so that who is told of a device knows at once whether it has a status.
          expire > 0
            ? reports$.pipe(deviceStatus(expire, Object.values(devices ?? {}), undefined, log), map(asReport))
            : EMPTY,
          reports$.pipe(interval > 0 && !onChange ? throttleReports(interval) : identity),
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
): Sensor =>
  bleSensor(
    advertisements$,
    { ...checked('goveeSensor', goveeSensorInCode, options), brands: [govee.brand] },
    log,
  )

const whatToReport = ({
  formats = [],
  brands,
  destination,
  devices,
  keys,
  offsets,
  media,
}: BleReportsOptions) => ({
  formats: [
    ...formats,
    ...formatsOf(brands).map((format) => (format === mopeka ? mopekaIn(byAddress(media, identity)) : format)),
  ],
  destination,
  chosen: devices,
  keys: byAddress(keys, (key) => keyBytes(key) ?? new Uint8Array()),
  offsets: byAddress(offsets, identity),
})

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
  const reports = whatToReport(checked('bleReports', reportsInCode, options))
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
): Observable<Report> =>
  bleReports(
    advertisements$,
    { ...checked('goveeReports', optionsInCode(goveeInCode), options), brands: [govee.brand] },
    log,
  )

const brandNames = formats.map(({ brand }) => brand)

const brandName = field(
  brandNames.join(', '),
  (text) => brandNames.find((brand) => brand.toLowerCase() === text.toLowerCase()),
  (text) => {
    const meant = nearest(text, brandNames)
    return meant && `did you mean ${meant}?`
  },
)

const key = field(
  `a key of ${keyLengths}`,
  (text) => (keyBytes(text) ? text : undefined),
  undefined,
  (text) => `${text.length} characters`,
)

const quantityName = field('a measured quantity such as temperature_c', (text) => {
  const quantity = quantityOf(text)
  return quantity && !quantity.words ? text : undefined
})

const goveeInCode = {
  destination: inCode(topic),
  devices: recordInCode(deviceAddress, inCode(topic)).optional(),
  offsets: recordInCode(deviceAddress, recordInCode(quantityName, inCode(number))).optional(),
}

const bleInCode = {
  ...goveeInCode,
  brands: listInCode(inCode(brandName)).optional(),
  formats: listInCode(z.unknown()).optional(),
  keys: recordInCode(z.string(), z.unknown())
    .superRefine(keysByAddress)
    .pipe(recordInCode(deviceAddress, inCode(key)))
    .optional(),
  media: recordInCode(deviceAddress, wordInCode(...mediumNames)).optional(),
}

const whenInCode = {
  interval: inCode(milliseconds(0)).optional(),
  onChange: inCode(boolean).optional(),
  expire: inCode(milliseconds(0)).optional(),
}

const goveeSensorInCode = optionsInCode({ ...goveeInCode, ...whenInCode })
const reportsInCode = optionsInCode(bleInCode)
const sensorInCode = optionsInCode({ ...bleInCode, ...whenInCode })

/** Says that addresses are expected without quoting what stands there: it may be a key. */
function keysByAddress(keys: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const address of Object.keys(keys))
    if (!deviceAddress.safeParse(address).success)
      context.addIssue({
        code: 'custom',
        message: `expected Bluetooth addresses such as A4:C1:38:11:22:33 with a key each, got another text of ${address.length} characters`,
      })
}

const asReport = (reading: Reading): DeviceReport => ({ device: reading.destination, readings: [reading] })

/** The formats of some brands, or all of them. */
const formatsOf = (brands: readonly string[] | undefined): readonly Format[] =>
  brands ? formats.filter(({ brand }) => brands.includes(brand)) : formats

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
