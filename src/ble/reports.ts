import { escapeControls } from '../logging/records.js'
import { type Logger, type Reading, withdrawal } from '../model.js'
import type { DeviceReport } from '../operators/throttleReadings.js'
import type { Advertisement } from '../radio/advertisement.js'
import { type Device, devicesBelow, type Part, partOf, placeOf } from './devices.js'
import type { Format } from './formats/format.js'
import { packetJoiner } from './joinPackets.js'
import type { Measurement, Probe } from './measurement.js'
import { isPlausible, isRepeated, type Observation } from './plausibility.js'
import { quantities, quantityOf } from './quantities.js'

/**
 * Makes a function from packets to what each device reports, if it does: below `destination` or, with `chosen`, where it
 * says. What looks as if the format should read it but cannot be decoded is logged, if there is a log. All of it is one
 * function because every packet on the air comes by, and most end here.
 */
export function deviceReports(
  format: Format,
  destination: string,
  chosen?: Readonly<Record<string, string>>,
  log?: Logger,
): (advertisement: Advertisement) => DeviceReport | undefined {
  const join = packetJoiner()
  const deviceOf = devicesBelow(destination, chosen)
  const unknown = log && logUnknown(format, log)
  const heard = log && logHeard(log)
  return (packet) => {
    const advertisement = join(packet)
    const measurement = format.decode(advertisement)
    if (!measurement) {
      unknown?.(advertisement)
      return undefined
    }
    const device = deviceOf(advertisement, measurement.model)
    if (!device) return undefined
    const observation = { advertisement, measurement, device }
    if (isRepeated(observation, format) || !isPlausible(observation, format)) return undefined
    const readings = readingsOf(observation)
    const withdrawn = withdrawnBy(observation, readings)
    heard?.(observation, readings)
    return { device: device.prefix, readings: withdrawn.length > 0 ? [...withdrawn, ...readings] : readings }
  }
}

const nothing: readonly Reading[] = []

/**
 * Withdraws what a packet says there is none of, such as the temperature of a probe that is not plugged in: once, until it has a
 * value again. Not for the first packet of a device, of which nobody has had a reading; for the second, since a broker may
 * still retain what an earlier run has said.
 */
function withdrawnBy({ measurement, device }: Observation, readings: readonly Reading[]): readonly Reading[] {
  const { absent } = device
  if (!absent) device.absent = new Set()
  if (!absent) return nothing
  if (absent.size > 0) for (const { destination } of readings) absent.delete(destination)
  // Most packets of most devices say of nothing that there is none.
  if (!measurement.error && !measurement.probes) return nothing
  const missing = missingOf(measurement, device).filter((destination) => !absent.has(destination))
  return missing.map((destination) => {
    absent.add(destination)
    return withdrawal({ destination, value: '', device: device.prefix })
  })
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
export function readingsOf({ measurement, advertisement, device }: Observation): Reading[] {
  const { decimals, sensor, probes, event } = measurement
  const { at, rssi } = advertisement
  const { prefix } = device
  const own = sensor ? partOf(device, sensor) : device
  const readings: Reading[] = []
  let place = 0
  if (probes ?? event) {
    addAll(readings, own, measurement, decimals, prefix, at, 'places')
    for (const probe in probes)
      addAll(readings, partOf(device, `probe${probe}`), probes[probe], decimals, prefix, at)
    if (event) readings.push(eventReading(event, prefix, at))
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
  resolved: number,
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
    const { decimals = resolved, also } = quantity
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
  decimals: number,
  device: string,
  at: number | undefined,
): Reading =>
  at === undefined ? { destination, value, decimals, device } : { destination, value, decimals, device, at }

function eventReading(event: NonNullable<Measurement['event']>, device: string, at?: number): Reading {
  const value = event.type === 'button' ? event.button : 'ON'
  return {
    destination: `${device}/${event.type}`,
    value,
    event: true,
    device,
    ...(at !== undefined && { at }),
  }
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
export function logUnknown(
  { brand, looksFamiliar }: Format,
  log: Logger,
): (advertisement: Advertisement) => void {
  const logged = new Set<string>()
  return (advertisement) => {
    if (logged.size >= deviceLimit || !looksFamiliar(advertisement)) return
    const address = advertisement.address.toLowerCase()
    if (logged.has(address)) return
    logged.add(address)
    log.info(`${portrait(brand, advertisement)}: please report this line to the project`)
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
