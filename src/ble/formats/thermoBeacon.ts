import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, int16le, type Payload, uint16le } from './payload.js'

/**
 * ThermoBeacon, sold by Brifit, Oria and others, too. The address, reversed, and flags stand before the values; the company ids
 * are no company's. Source: thermobeacon-ble.
 */
export const thermoBeacon: Format = {
  brand: 'ThermoBeacon',
  models: 'those of Brifit and Oria, too',
  services: ['fff0'],
  decode,
}

const companies = new Set([0x10, 0x11, 0x14, 0x15, 0x18, 0x1b, 0x30])

function decode({ serviceUuids, manufacturerData }: Advertisement): Measurement | undefined {
  if (!serviceUuids.includes('fff0')) return undefined
  for (const record of manufacturerData) {
    if (!companies.has(companyId(record))) continue
    if (record.length === 20) return reading({ record, start: 0 })
    // The least and greatest values of a day.
    if (record.length === 22) return { ...device, ignored: true }
  }
  return undefined
}

const device = { brand: 'ThermoBeacon', model: 'ThermoBeacon' }

/** `1000 0000 9c0d0000fe44 450c c501 8702 17000000`: 3.141 V, 28.3125 °C, 40.4375 %, up for 23 s. */
function reading(payload: Payload): Measurement {
  const millivolts = uint16le(payload, 10)
  const temperature = int16le(payload, 12) / 16 || 0
  const humidity = uint16le(payload, 14) / 16
  if (temperature > 100 || humidity > 100) return { ...device, error: true }
  return {
    ...device,
    temperature_c: temperature,
    humidity,
    battery: digits(charge(millivolts), 0),
    voltage: millivolts / 1000,
  }
}

/** Percent, on the curve of a coin cell. */
function charge(millivolts: number): number {
  if (millivolts >= 3000) return 100
  if (millivolts >= 2600) return 60 + (millivolts - 2600) / 10
  if (millivolts >= 2500) return 40 + (millivolts - 2500) / 5
  if (millivolts >= 2450) return 20 + (millivolts - 2450) * 0.4
  return 0
}
