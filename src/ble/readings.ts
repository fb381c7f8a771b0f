import type { DescribedDevice, Said as Described } from '../description.js'
import { type Reading, withdrawal } from '../model.js'
import type { Advertisement } from '../radio/advertisement.js'
import { describedDevice, type Device, eventOf, type Part, partOf, placeOf } from './devices.js'
import type { BleEvent, Measurement, Probe } from './measurement.js'
import type { Observation } from './plausibility.js'
import { quantities, quantityOf } from './quantities.js'

/**
 * The readings in a measurement, each on its topic, in the order in which it holds them; what is about the device itself comes
 * after its probes and its event, and the RSSI (dBm) of the packet is the last.
 */
export function observedReadings({
  measurement,
  advertisement,
  device,
}: Pick<Observation, 'measurement' | 'device'> & {
  readonly advertisement: Pick<Advertisement, 'address' | 'at' | 'rssi'>
}): Reading[] {
  const { decimals, sensor, probes, brand } = measurement
  const events = measurement.events ?? (measurement.event && [measurement.event])
  const { at, rssi } = advertisement
  const described = describedDevice(device, measurement, advertisement.address)
  const own = sensor ? partOf(device, sensor) : device
  const readings: Reading[] = []
  let place = 0
  if (probes ?? events) {
    addAll(readings, own, measurement, decimals, described, at, 'places')
    for (const probe in probes)
      addAll(readings, partOf(device, `probe${probe}`), probes[probe], decimals, described, at)
    for (const event of events ?? []) {
      readings.push(eventReading(event, device, described, at))
      // Govee's buttons know one way to be used.
      if (event.type === 'button' && brand !== undefined)
        readings.push(saidReading(`button${event.button}`, event.action, device, described, at))
    }
    place = addAll(readings, own, measurement, decimals, described, at, 'device')
  } else place = addAll(readings, own, measurement, decimals, described, at)
  if (rssi !== undefined) {
    place = placeOf(device, 'rssi', place, described)
    addNumber(readings, device.about[place], rssi, quantities.rssi.decimals, at)
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
  device: DescribedDevice,
  at: number | undefined,
  only?: 'places' | 'device',
): number {
  let next = 0
  for (const key in measured) {
    const value: unknown = measured[key as keyof typeof measured]
    const place = placeOf(part, key, next, device, resolved)
    const quantity = part.entries[place]?.quantity
    next = place + (quantity?.also ? 2 : 1)
    if (!quantity || value === undefined) continue
    if (only !== undefined && (only === 'device') !== (quantity.diagnostic === true)) continue
    const about = part.about[place]
    if (!about) continue
    if (quantity.words) {
      const word = quantity.words[value ? 0 : 1]
      const destination = about.topic
      readings.push({
        destination,
        value: word,
        device: device.topic,
        ...(at !== undefined && { at }),
        about,
      })
      continue
    }
    const { also } = quantity
    const decimals = quantity.decimals === 'resolved' ? resolved : quantity.decimals
    addNumber(readings, about, value as number, decimals, at)
    if (also) addNumber(readings, part.about[place + 1], also.from(value as number, decimals), decimals, at)
  }
  return next
}

function addNumber(
  readings: Reading[],
  about: Described | undefined,
  value: number,
  decimals: number | undefined,
  at: number | undefined,
): void {
  if (!about) return
  const destination = about.topic
  const device = about.device.topic
  if (decimals === undefined)
    readings.push({ destination, value, device, ...(at !== undefined && { at }), about })
  else if (at === undefined) readings.push({ destination, value, decimals, device, about })
  else readings.push({ destination, value, decimals, device, at, about })
}

function eventReading(event: BleEvent, device: Device, described: DescribedDevice, at?: number): Reading {
  switch (event.type) {
    case 'button':
      return saidReading('button', event.button, device, described, at)
    case 'dimmer':
    case 'command':
      return saidReading(event.type, [event.action, event.steps].join(' ').trim(), device, described, at)
    default:
      return saidReading(event.type, 'ON', device, described, at)
  }
}

function saidReading(
  type: string,
  value: string | number,
  device: Device,
  described: DescribedDevice,
  at?: number,
): Reading {
  const about = eventOf(device, type, described)
  return {
    destination: about.topic,
    value,
    event: true,
    device: device.prefix,
    ...(at !== undefined && { at }),
    about,
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
export function withdrawnBy(
  { measurement, device }: Observation,
  readings: readonly Reading[],
): readonly Reading[] {
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
