import type { DescribedDevice } from '../description.js'
import { remember } from '../memory.js'
import type { Logger, Reading } from '../model.js'
import type { DeviceReport } from '../operators/throttleReadings.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { describedDevice, type Device, deviceAt, devicesBelow } from './devices.js'
import type { Format } from './formats/format.js'
import { type Keys, readerOf } from './formats/formats.js'
import { logHeard, logIgnored, logUnknown } from './heardLog.js'
import { packetJoiner } from './joinPackets.js'
import type { Measurement } from './measurement.js'
import { isPlausible, isRepeated, type Observation } from './plausibility.js'
import { quantityOf } from './quantities.js'
import { observedReadings, withdrawnBy } from './readings.js'

export interface ReportsOptions {
  readonly formats: readonly Format[]
  readonly destination: string
  /** Only these devices, by their addresses: where each is reported. */
  readonly chosen?: Readonly<Record<string, string>> | undefined
  readonly keys?: Keys | undefined
  /** What is added to the values of a device, by the digits of its address. */
  readonly offsets?: ReadonlyMap<string, Offsets> | undefined
}

/** What is added to measured values, by their names: `{ temperature_c: -0.4 }`. */
export type Offsets = Readonly<Record<string, number>>

/** What one packet of a device reports. */
export interface Report {
  /** What its topics have in common: `attic`, `govee/GVH5075_2233`. */
  readonly device: string
  /** Its local name, once that is known: `GVH5075_2233`. */
  readonly name?: string
  /** `H5075` */
  readonly model: string
  /** Its Bluetooth address. */
  readonly address: string
  /** How strongly the packet was received, dBm. */
  readonly rssi?: number
  /** When it was heard, milliseconds since the epoch. */
  readonly at?: number
  /** Who it is, for whoever makes readings of it. */
  readonly about?: DescribedDevice
  /** What it measures, and what happened. */
  readonly measurement: Measurement
}

/** Makes a function from packets to reports, as `deviceReports` makes one to readings. */
export function reportsOf(
  options: ReportsOptions,
  log?: Logger,
): (advertisement: Advertisement) => Report | undefined {
  const observe = observations(options, log)
  return (packet) => {
    const observation = observe(packet)
    if (!observation) return undefined
    const { device, measurement, advertisement } = observation
    const { address, localName, rssi, at } = advertisement
    return {
      device: device.prefix,
      ...(localName !== undefined && { name: localName }),
      model: measurement.model,
      address,
      ...(rssi !== undefined && { rssi }),
      ...(at !== undefined && { at }),
      about: describedDevice(device, measurement, address),
      measurement,
    }
  }
}

/**
 * Makes a function from packets to what each device reports, if it does: below `destination` or, with `chosen`, where it
 * says. What looks as if the format should read it but cannot be decoded is logged, if there is a log. All of it is one
 * function because every packet on the air comes by, and most end here.
 */
export function deviceReports(
  options: ReportsOptions,
  log?: Logger,
): (advertisement: Advertisement) => DeviceReport | undefined {
  const observe = observations(options, log)
  const heard = log && logHeard(log)
  return (packet) => {
    const observation = observe(packet)
    if (!observation) return undefined
    const { device } = observation
    const readings = observedReadings(observation)
    const withdrawn = withdrawnBy(observation, readings)
    heard?.(observation, readings)
    const { triggered } = observation.measurement
    return {
      device: device.prefix,
      readings: withdrawn.length > 0 ? [...withdrawn, ...readings] : readings,
      ...(triggered && { triggered }),
    }
  }
}

/** Makes a function from packets to what they say of a device that is reported, where that may be believed. */
function observations(
  { formats, destination, chosen, keys, offsets }: ReportsOptions,
  log?: Logger,
): (advertisement: Advertisement) => Observation | undefined {
  const { decode, formatOf } = readerOf(formats)
  const join = packetJoiner(formats)
  const deviceOf = devicesBelow(destination, chosen)
  const unknown = log && logUnknown(formats, log)
  const ignored = log && logIgnored(formatOf, keys, log)
  const wanted = chosen && new Set(Object.keys(chosen).map(addressDigits))
  return (packet) => {
    const advertisement = join(packet)
    const decoded = decode(advertisement, keys)
    if (!decoded) {
      unknown?.(advertisement)
      return undefined
    }
    const { address } = advertisement
    // Before it gets topics: who says nothing that can be read shall take no name from who does.
    if (decoded.ignored) {
      if (ignored && (wanted?.has(addressDigits(address)) ?? true)) ignored(decoded, advertisement)
      return undefined
    }
    const device = deviceOf(advertisement, decoded.model)
    if (!device) return undefined
    const measurement = offsets ? corrected(decoded, offsets.get(addressDigits(address))) : decoded
    const observation = { advertisement, measurement, device }
    return isRepeated(observation) || !isPlausible(observation, formatOf(measurement))
      ? undefined
      : observation
  }
}

/** A measurement whose values have their offsets, in the digits they had, within what a percentage can be; what is absent stays so. */
function corrected(measurement: Measurement, offsets: Offsets | undefined): Measurement {
  if (!offsets) return measurement
  const values: Record<string, number> = {}
  for (const key in offsets) {
    const value: unknown = measurement[key as keyof Measurement]
    if (typeof value !== 'number') continue
    const sum = Number((value + (offsets[key] ?? 0)).toFixed(4))
    const quantity = quantityOf(key)
    values[key] = quantity && !quantity.words && quantity.unit === '%' ? Math.min(100, Math.max(0, sum)) : sum
  }
  return { ...measurement, ...values }
}

/**
 * The readings in a report, each on its topic, as a sensor has them; whatever was added to the measurement by the name of a quantity
 * (`dew_point_c`, `co2` …) has its own. Of what the packet says there is no value there is none, either: nothing is withdrawn.
 *
 * @example
 * const packet = advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2 })
 * goveeReports(of(packet), { destination: 'govee' }).pipe(
 *   map((report) => ({ ...report, measurement: { model: report.model, dew_point_c: 10.9 } })),
 *   mergeMap(readingsOf),
 *   map(({ destination, value }) => `${destination} ${value}`),
 * )
 * // → 'govee/GVH5075_2233/dew_point_c 10.9', …
 */
export function readingsOf({ device, about, ...report }: Report): Reading[] {
  const known = places.get(device) ?? deviceAt(device, device, false)
  if (about) known.described ??= about
  remember(places, device, known, deviceLimit)
  return observedReadings({ measurement: report.measurement, advertisement: report, device: known })
}

/** The topics of devices whose reports have been made readings of. */
const places = new Map<string, Device>()

/** How many devices that are. */
const deviceLimit = 1000
