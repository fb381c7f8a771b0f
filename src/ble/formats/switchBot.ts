import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, type Payload, uint16, uint24, uint8 } from './payload.js'

const company = 0x0969

const services = ['fd3d', '0d00']

/**
 * SwitchBot's sensors. Service data, in the scan response, say which model it is and the battery; the record, in the advertisement,
 * begins with the address and a sequence number and holds the values. Source: pySwitchbot, and Theengs for names that say the model.
 */
export const switchBot: Format = {
  brand: 'SwitchBot',
  get models() {
    return [...letters.values(), ...numbers.values()].map(({ model }) => model).join(', ')
  },
  services,
  companies: [company],
  lent: { companies: [company], model: modelIn },
  decode,
}

/** Data `77 00 41` and a record of `aabbccddeeff e3 0f 090f2a 00`: an outdoor meter, −15.9 °C, 42 %, battery 65 %. */
function decode({ manufacturerData, serviceData, localName }: Advertisement): Measurement | undefined {
  const record = manufacturerData.find((each) => companyId(each) === company)
  const values = record ? { record, start: 2 } : nothing
  for (const { uuid, data } of serviceData) {
    const kind = services.includes(uuid) ? kindOf(data) : undefined
    if (kind) return measurementOf(kind, values, { record: data, start: 0 })
  }
  const named = localName === undefined ? undefined : names.get(localName)
  return named && length(values) >= 11 ? measurementOf(named, values, nothing) : undefined
}

const nothing: Payload = { record: new Uint8Array(), start: 0 }

const length = ({ record, start }: Payload): number => record.length - start

function measurementOf({ model, read }: Kind, record: Payload, data: Payload): Measurement {
  const values = read(record, data)
  if (Object.values(values).every((value) => value === undefined))
    return { brand: 'SwitchBot', model, ignored: true }
  return {
    brand: 'SwitchBot',
    model,
    ...values,
    packet: length(record) >= 7 ? uint8(record, 6) : undefined,
  }
}

/** A kind of device, and what its record (without the company id) and its service data say. */
interface Kind {
  readonly model: string
  readonly read: (record: Payload, data: Payload) => Partial<Measurement>
}

/** By the letter that service data begin with; bit 5 is missing while a device waits to be paired, and in newer ones. */
const letters = new Map<string, Kind>([
  ['t', { model: 'Meter', read: meter }],
  ['i', { model: 'Meter Plus', read: meter }],
  ['w', { model: 'Outdoor Meter', read: meter }],
  ['4', { model: 'Meter Pro', read: meter }],
  ['5', { model: 'Meter Pro CO2', read: meterOfCo2 }],
  ['v', { model: 'Hub 2', read: hub2 }],
  ['%', { model: 'Hub Mini Matter', read: (record) => (length(record) >= 16 ? climate(record, 13) : {}) }],
  ['d', { model: 'Contact Sensor', read: contact }],
  ['s', { model: 'Motion Sensor', read: motion }],
  ['&', { model: 'Leak Detector', read: leak }],
  ['b', { model: 'Remote', read: (_, data) => ({ battery: battery(data) }) }],
])

/** By the number near the end of service data that begin with 0. */
const numbers = new Map<number, Kind>([
  [0x10b940, { model: 'Hub 3', read: hub3 }],
  [0x10f3d8, { model: 'Climate Panel', read: climatePanel }],
  [0x1053b0, { model: 'Weather Station', read: weatherStation }],
  [0x10ccc8, { model: 'Presence Sensor', read: presence }],
])

/** Of firmware that says its model as its name, too. */
const names = new Map<string, Kind>([
  ['WoSensorTH', { model: 'Meter', read: meter }],
  ['WoSensorTHP', { model: 'Meter Plus', read: meter }],
  ['WoIOSensorTH', { model: 'Outdoor Meter', read: meter }],
  ['WoIOSensorTHP', { model: 'Outdoor Meter', read: meter }],
])

function kindOf(data: Uint8Array): Kind | undefined {
  const letter = (data[0] ?? 0) & 0x7f
  if (letter !== 0) return letters.get(String.fromCharCode(letter | 0x20))
  for (const start of [data.length - 4, data.length - 5]) {
    const kind = (data[start] ?? 2) < 2 ? numbers.get(uint24({ record: data, start }, 1)) : undefined
    if (kind) return kind
  }
  return undefined
}

/** The part of service data that `kindOf` looks at, copied: it is kept longer than its packet. */
function modelIn(data: Uint8Array): Uint8Array {
  const [first = 0] = data
  return first & 0x7f ? Uint8Array.of(first) : Uint8Array.of(0, ...data.subarray(-5))
}

const battery = (data: Payload): number | undefined => (length(data) >= 3 ? uint8(data, 2) & 0x7f : undefined)

const bit = (payload: Payload, at: number, number: number): boolean =>
  ((uint8(payload, at) >> number) & 1) === 1

/**
 * Three bytes: tenths, degrees (bit 7 is set above zero), humidity. A sensor that has measured nothing yet says zeros, and so it does
 * of its battery.
 */
function climate(payload: Payload, at: number, charge?: number): Partial<Measurement> {
  const degrees = uint8(payload, at + 1)
  const tenths = (degrees & 0x7f) * 10 + (uint8(payload, at) & 0x0f)
  const humidity = uint8(payload, at + 2) & 0x7f
  if (tenths === 0 && humidity === 0 && !charge) return {}
  return { temperature_c: (degrees & 0x80 ? tenths : -tenths) / 10 || 0, humidity, battery: charge }
}

function meter(record: Payload, data: Payload): Partial<Measurement> {
  const charge = battery(data)
  if (length(record) >= 11) return climate(record, 8, charge)
  return length(data) >= 6 ? climate(data, 3, charge) : { battery: charge }
}

function meterOfCo2(record: Payload, data: Payload): Partial<Measurement> {
  const co2 = length(record) >= 15 ? uint16(record, 13) : Infinity
  // More than the sensor can measure is a fault of the device.
  return { ...meter(record, data), co2: co2 > 9999 ? undefined : co2 }
}

function hub2(record: Payload): Partial<Measurement> {
  if (length(record) < 16) return {}
  return { ...climate(record, 13), illuminance_lx: hub2Light[(uint8(record, 12) & 0x1f) - 1] }
}

function hub3(record: Payload): Partial<Measurement> {
  if (length(record) < 17) return {}
  return {
    ...climate(record, 13),
    illuminance_lx: hub3Light[(uint8(record, 12) & 0x0f) - 1],
    motion: bit(record, 16, 7),
  }
}

/** Lux of the steps from 1 on. */
const hub2Light = [
  ...[0, 10, 20, 30, 40, 50, 60, 70, 80, 90],
  ...[105, 205, 317, 416, 510, 610, 707, 801, 897, 1023, 1091],
]

const hub3Light = [0, 50, 90, 205, 317, 510, 610, 707, 801, 1023]

function weatherStation(record: Payload, data: Payload): Partial<Measurement> {
  if (length(record) >= 11) return ownBattery(record)
  // Shorter data are the model alone.
  return length(data) >= 10 ? climate(data, 3, battery(data)) : {}
}

function climatePanel(record: Payload): Partial<Measurement> {
  if (length(record) < 16) return {}
  return {
    ...ownBattery(record),
    motion: bit(record, 15, 7),
    light: ((uint8(record, 15) >> 1) & 3) === 2,
  }
}

/** Of what says its battery in the record, too. */
const ownBattery = (record: Payload): Partial<Measurement> => climate(record, 8, uint8(record, 7) & 0x7f)

function contact(record: Payload, data: Payload): Partial<Measurement> {
  const charge = battery(data)
  if (length(record) >= 13)
    return {
      // Bit 5: it was left open.
      window_open: bit(record, 7, 4) || bit(record, 7, 5),
      motion: bit(record, 7, 7),
      light: bit(record, 7, 6),
      battery: charge,
    }
  if (length(data) < 9) return { battery: charge }
  return {
    window_open: bit(data, 3, 1) || bit(data, 3, 2),
    motion: bit(data, 1, 6),
    light: bit(data, 3, 0),
    battery: charge,
  }
}

function motion(record: Payload, data: Payload): Partial<Measurement> {
  const charge = battery(data)
  if (length(record) >= 8) return { motion: bit(record, 7, 6), light: bit(record, 7, 5), battery: charge }
  if (length(data) < 6) return { battery: charge }
  return { motion: bit(data, 1, 6), light: bit(data, 5, 1), battery: charge }
}

function leak(record: Payload): Partial<Measurement> {
  if (length(record) < 9) return {}
  return {
    leak: bit(record, 8, 0),
    tamper: bit(record, 8, 1),
    battery: uint8(record, 7) & 0x7f,
    battery_low: bit(record, 7, 7),
  }
}

function presence(record: Payload, data: Payload): Partial<Measurement> {
  const charge = battery(data)
  if (length(record) < 12) return { battery: charge }
  return { motion: bit(record, 7, 6), light_level: uint8(record, 11) & 0x1f, battery: charge }
}
