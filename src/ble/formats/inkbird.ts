import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement, Probe } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, int16, int16le, type Payload, uint16, uint16le, uint8 } from './payload.js'

/** Of air monitors, the only ones whose record begins with a company id. */
const airMonitor = 0x3254

const names = /^(?:[st]ps|ibs-p02b|ith-(?:11|13|21)-b|ink@.*|int-11.*|idt-34.*)$|[ix]bbq/i

/**
 * Inkbird's thermometers. The record has no company id: the temperature or a counter stands there, and the name says which model
 * it is. Sources: inkbird-ble, and Theengs for probes that are not plugged in.
 */
export const inkbird: Format = {
  brand: 'Inkbird',
  models: 'IBS-TH, IBS-TH2, IBS-P02B, ITH-11-B, ITH-13-B, ITH-21-B, IAM-T2, iBBQ and xBBQ with their probes',
  services: ['fff0'],
  companies: [airMonitor],
  names,
  advice: 'it says its readings only to whoever connects to it, which this program does not do',
  decode,
}

function decode({ localName = '', serviceUuids, manufacturerData }: Advertisement): Measurement | undefined {
  // Many strangers have its service, too.
  const name = names.test(localName) ? localName.toLowerCase() : ''
  for (const record of manufacturerData) {
    const measurement = read(record, name, serviceUuids)
    if (measurement) return measurement
  }
  const [model] = (name && /iam-t1|iht-2pb|int-11\w?|idt-34\w?/.exec(name)) || []
  return model === undefined ? undefined : { brand: 'Inkbird', model: model.toUpperCase(), ignored: true }
}

function read(record: Uint8Array, name: string, serviceUuids: readonly string[]): Measurement | undefined {
  const payload = { record, start: 0 }
  switch (record.length) {
    case 9:
      return name === 'sps' || name === 'tps' ? hygrometer(payload, name) : undefined
    case 17:
      return companyId(record) === airMonitor && uint16(payload, 2) === 0x0062 ? air(payload) : undefined
    case 18: {
      const model = newer.get(name) ?? (looksNewer(record, serviceUuids) ? 'Thermometer' : undefined)
      if (model !== undefined) return newerHygrometer(payload, model)
    }
  }
  const [letter] = /[ix](?=bbq)/.exec(name) ?? []
  return letter === undefined ? undefined : barbecue(payload, `${letter}BBQ`)
}

/** `c408 8813 00 3c4c 64 06`: 22.44 °C, 50 %, battery 100 %. Byte 4 is 1 with the external probe. */
function hygrometer(payload: Payload, name: 'sps' | 'tps'): Measurement {
  const humidity = uint16le(payload, 2)
  // The P01B is called as the TH2 and measures no humidity.
  const hasHumidity = name === 'sps' || (humidity !== 0 && humidity !== 0xffff)
  return checked({
    brand: 'Inkbird',
    model: name === 'sps' ? 'IBS-TH' : 'IBS-TH2',
    temperature_c: int16le(payload, 0) / 100 || 0,
    humidity: hasHumidity ? humidity / 100 : undefined,
    battery: uint8(payload, 7),
  })
}

const newer = new Map(
  ['ibs-p02b', 'ith-11-b', 'ith-13-b', 'ith-21-b'].map((name) => [name, name.toUpperCase()]),
)

/** Whether a packet is one of these, though it has another name, or none. */
const looksNewer = (record: Uint8Array, serviceUuids: readonly string[]): boolean =>
  companyId(record) === 0x2449 &&
  serviceUuids.includes('fff0') &&
  record.subarray(-3).every((byte) => byte === 0)

function newerHygrometer(payload: Payload, model: string): Measurement {
  const humidity = uint16le(payload, 8)
  return checked({
    brand: 'Inkbird',
    model,
    temperature_c: int16le(payload, 6) / 10 || 0,
    humidity: humidity === 0 ? undefined : humidity / 10,
    battery: uint8(payload, 10),
  })
}

/** Its battery byte is not understood. */
function air(payload: Payload): Measurement {
  const tenths = int16(payload, 10)
  const isFahrenheit = (uint8(payload, 9) & 2) !== 0
  return checked({
    brand: 'Inkbird',
    model: 'IAM-T2',
    temperature_c: isFahrenheit ? digits(((tenths / 10 - 32) * 5) / 9, 1) : tenths / 10 || 0,
    humidity: uint16(payload, 12) / 10,
    co2: uint16(payload, 14),
  })
}

/** 1, 2, 4 or 6 probes behind ten bytes; FFFF or FFF6 is one that is not plugged in. */
function barbecue(payload: Payload, name: string): Measurement | undefined {
  const count = (payload.record.length - 10) / 2
  if (![1, 2, 4, 6].includes(count)) return undefined
  const probes: Record<string, Probe> = {}
  for (let number = 1; number <= count; number += 1) {
    const tenths = int16le(payload, 8 + number * 2)
    probes[number] = tenths === -1 || tenths === -10 ? {} : { temperature_c: tenths / 10 || 0 }
  }
  return { brand: 'Inkbird', model: `${name}-${count}`, probes }
}

/** More than 100 % shows that a packet is corrupt, all of it. */
function checked(measurement: Measurement): Measurement {
  const { brand, model, humidity = 0, battery = 0 } = measurement
  return humidity > 100 || battery > 100 ? { brand: brand ?? '', model, error: true } : measurement
}
