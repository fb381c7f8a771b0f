import { escapeControls } from '../logging/records.js'
import { remember } from '../memory.js'
import { type Logger, type Reading, withdrawal } from '../model.js'
import type { DeviceReport } from '../operators/throttleReadings.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { type Device, deviceAt, devicesBelow, type Part, partOf, placeOf } from './devices.js'
import type { Format } from './formats/format.js'
import { type Keys, readerOf } from './formats/formats.js'
import { packetJoiner } from './joinPackets.js'
import type { BleEvent, Measurement, Probe } from './measurement.js'
import { isPlausible, isRepeated, type Observation } from './plausibility.js'
import { quantities, quantityOf } from './quantities.js'

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
      measurement,
    }
  }
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
export function readingsOf({ device, ...report }: Report): Reading[] {
  const known = places.get(device) ?? deviceAt(device, device)
  remember(places, device, known, deviceLimit)
  return observedReadings({ measurement: report.measurement, advertisement: report, device: known })
}

/** The topics of devices whose reports have been made readings of. */
const places = new Map<string, Device>()

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
    return { device: device.prefix, readings: withdrawn.length > 0 ? [...withdrawn, ...readings] : readings }
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
  return (packet) => {
    const advertisement = join(packet)
    const decoded = decode(advertisement, keys)
    if (!decoded) {
      unknown?.(advertisement)
      return undefined
    }
    const device = deviceOf(advertisement, decoded.model)
    if (!device) return undefined
    if (decoded.ignored) {
      ignored?.(decoded, advertisement)
      return undefined
    }
    const measurement = offsets
      ? corrected(decoded, offsets.get(addressDigits(advertisement.address)))
      : decoded
    const observation = { advertisement, measurement, device }
    return isRepeated(observation) || !isPlausible(observation, formatOf(measurement))
      ? undefined
      : observation
  }
}

const nothing: readonly Reading[] = []

/** One for all devices of which nothing is missing. */
const none = new Set<string>()

/**
 * Withdraws what a packet says there is none of, such as the temperature of a probe that is not plugged in: once, until it has a
 * value again. Not for the first packet of a device, of which nobody has had a reading; for the second, since a broker may
 * still retain what an earlier run has said.
 */
function withdrawnBy({ measurement, device }: Observation, readings: readonly Reading[]): readonly Reading[] {
  const { absent } = device
  if (!absent) {
    device.absent = none
    return nothing
  }
  if (absent.size > 0) for (const { destination } of readings) absent.delete(destination)
  // Most packets of most devices say of nothing that there is none; of Govee's only these do.
  if (measurement.brand === undefined && !measurement.error && !measurement.probes) return nothing
  const missing = missingOf(measurement, device).filter((destination) => !absent.has(destination))
  if (missing.length > 0) device.absent = new Set([...absent, ...missing])
  return missing.map((destination) => withdrawal({ destination, value: '', device: device.prefix }))
}

/** The destinations of which a measurement says that there is no value. */
function missingOf(measurement: Measurement, { prefix }: Device): string[] {
  const { probes = {}, probe, sensor } = measurement
  const part = probe === undefined ? sensor : `probe${probe}`
  return [
    ...missingFrom(part === undefined ? prefix : `${prefix}/${part}`, measurement),
    ...Object.entries(probes).flatMap(([number, measured]) =>
      missingFrom(`${prefix}/probe${number}`, measured),
    ),
  ]
}

const missingFrom = (prefix: string, measured: Measurement | Probe): string[] =>
  Object.entries(measured).flatMap(([key, value]) => {
    if (value !== undefined) return []
    if (/^probe\d/.test(key)) return missingFrom(`${prefix}/${key}`, { temperature_c: undefined })
    const quantity = quantityOf(key)
    // A battery that says nothing now is still as it was.
    if (!quantity || quantity.diagnostic) return []
    return [quantity.topic, ...(quantity.also ? [quantity.also.topic] : [])].map(
      (topic) => `${prefix}/${topic}`,
    )
  })

/**
 * The readings in a measurement, each on its topic, in the order in which it holds them; what is about the device itself comes
 * after its probes and its event, and the RSSI (dBm) of the packet is the last.
 */
export function observedReadings({
  measurement,
  advertisement,
  device,
}: Pick<Observation, 'measurement' | 'device'> & {
  readonly advertisement: Pick<Advertisement, 'at' | 'rssi'>
}): Reading[] {
  const { decimals, sensor, probes, brand } = measurement
  const events = measurement.events ?? (measurement.event && [measurement.event])
  const { at, rssi } = advertisement
  const { prefix } = device
  const own = sensor ? partOf(device, sensor) : device
  const readings: Reading[] = []
  let place = 0
  if (probes ?? events) {
    addAll(readings, own, measurement, decimals, prefix, at, 'places')
    for (const probe in probes)
      addAll(readings, partOf(device, `probe${probe}`), probes[probe], decimals, prefix, at)
    for (const event of events ?? []) {
      readings.push(eventReading(event, prefix, at))
      // Govee's buttons know one way to be used.
      if (event.type === 'button' && brand !== undefined)
        readings.push(saidReading(`button${event.button}`, event.action, prefix, at))
    }
    place = addAll(readings, own, measurement, decimals, prefix, at, 'device')
  } else place = addAll(readings, own, measurement, decimals, prefix, at)
  if (rssi !== undefined) {
    place = placeOf(device, 'rssi', place)
    const destination = device.destinations[place] ?? ''
    readings.push(numberReading(destination, rssi, quantities.rssi.decimals, prefix, at))
  }
  return readings
}

/**
 * Adds what is measured at a part, or only what is about the place or the device; returns the place of what comes next, if
 * that is as in the packet before. All in one loop and with plain parameters, since every packet of every device comes by.
 */
function addAll(
  readings: Reading[],
  part: Part,
  measured: Measurement | Probe | undefined,
  resolved: number | undefined,
  device: string,
  at: number | undefined,
  only?: 'places' | 'device',
): number {
  let next = 0
  for (const key in measured) {
    const value: unknown = measured[key as keyof typeof measured]
    const place = placeOf(part, key, next)
    const quantity = part.entries[place]?.quantity
    next = place + (quantity?.also ? 2 : 1)
    if (!quantity || value === undefined) continue
    if (only !== undefined && (only === 'device') !== (quantity.diagnostic === true)) continue
    const destination = part.destinations[place] ?? ''
    if (quantity.words) {
      const word = quantity.words[value ? 0 : 1]
      readings.push({ destination, value: word, device, ...(at !== undefined && { at }) })
      continue
    }
    const { also } = quantity
    const decimals = quantity.decimals === 'resolved' ? resolved : quantity.decimals
    readings.push(numberReading(destination, value as number, decimals, device, at))
    if (also) {
      const other = also.from(value as number, decimals)
      readings.push(numberReading(part.destinations[place + 1] ?? '', other, decimals, device, at))
    }
  }
  return next
}

const numberReading = (
  destination: string,
  value: number,
  decimals: number | undefined,
  device: string,
  at: number | undefined,
): Reading => {
  if (decimals === undefined) return { destination, value, device, ...(at !== undefined && { at }) }
  return at === undefined
    ? { destination, value, decimals, device }
    : { destination, value, decimals, device, at }
}

function eventReading(event: BleEvent, device: string, at?: number): Reading {
  switch (event.type) {
    case 'button':
      return saidReading('button', event.button, device, at)
    case 'dimmer':
    case 'command':
      return saidReading(event.type, [event.action, event.steps].join(' ').trim(), device, at)
    default:
      return saidReading(event.type, 'ON', device, at)
  }
}

const saidReading = (type: string, value: string | number, device: string, at?: number): Reading => ({
  destination: `${device}/${type}`,
  value,
  event: true,
  device,
  ...(at !== undefined && { at }),
})

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

/** Enough for any street; somebody who makes addresses up shall not fill the log. */
const deviceLimit = 1000

const longestText = 500

/** Makes a function that logs that a device is heard and where it is published, once; and, at DEBUG, each of its readings. */
function logHeard(log: Logger): (observation: Observation, readings: readonly Reading[]) => void {
  let count = 0
  return ({ device, advertisement, measurement }, readings) => {
    if (!device.logged && count < deviceLimit) {
      device.logged = true
      count += 1
      const { address, localName, rssi } = advertisement
      const name = escapeControls((localName ?? address).slice(0, longestText))
      const strength = rssi === undefined ? '' : `, ${rssi} dBm`
      log.info(`heard ${name} (${measurement.model}${strength}): published on ${device.prefix}`)
    }
    for (const { destination, value } of readings) log.debug('heard', destination, value)
  }
}

/** Makes a function that logs a packet that looks as if the format should read it but could not be decoded, once for each device. */
export function logUnknown(formats: readonly Format[], log: Logger): (advertisement: Advertisement) => void {
  const isNew = firstTime()
  return (advertisement) => {
    const format = formats.find(({ looksFamiliar }) => looksFamiliar?.(advertisement))
    if (!format || !isNew(advertisement)) return
    log.info(`${portrait(format.brand, advertisement)}: please report this line to the project`)
  }
}

/** Makes a function that logs why a device that is known has no reading, where its owner can do something, once for each device. */
function logIgnored(
  formatOf: (measurement: Measurement) => Format | undefined,
  keys: Keys | undefined,
  log: Logger,
): (measurement: Measurement, advertisement: Advertisement) => void {
  const isNew = firstTime()
  return (measurement, advertisement) => {
    const { address, localName = measurement.model } = advertisement
    const { keyAdvice = '', advice } = formatOf(measurement) ?? {}
    const lock = keys?.has(addressDigits(address))
      ? 'the key that is configured does not open what it says'
      : 'what it says is encrypted, and no key is configured'
    const text = measurement.encrypted ? `${lock}: ${keyAdvice}` : advice
    if (text === undefined || !isNew(advertisement)) return
    log.warn(`${escapeControls(localName.slice(0, longestText))} at ${escapeControls(address)}: ${text}`)
  }
}

/** Makes a function that says of each device once that it is new, as long as they are not too many. */
function firstTime(): (advertisement: Advertisement) => boolean {
  const addresses = new Set<string>()
  return ({ address }) => {
    const digits = address.toLowerCase()
    if (addresses.size >= deviceLimit || addresses.has(digits)) return false
    addresses.add(digits)
    return true
  }
}

function portrait(
  brand: string,
  { address, localName, serviceUuids, manufacturerData }: Advertisement,
): string {
  const name =
    localName === undefined ? 'a nameless device' : `"${escapeControls(localName.slice(0, longestText))}"`
  const records = manufacturerData.map((record) => Buffer.from(record).toString('hex')).join(' ')
  const services = serviceUuids.length > 0 ? `, services ${serviceUuids.join(' ')}` : ''
  const data = `manufacturer data ${records}${services}`
  return `${name} at ${escapeControls(address)} looks like a ${brand} device that is not known yet, ${data.slice(0, longestText)}`
}
