import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, percent, uint16le, uint8 } from './payload.js'

const company = 0x06d5

/** Sensirion's evaluation kits ("gadgets") and the MyCO2. Sources: sensirion-ble, and Theengs. */
export const sensirion: Format = {
  brand: 'Sensirion',
  models: 'CO2 Gadget, Humidity Gadget',
  companies: [company],
  decode,
}

/** Types of samples with CO2 behind temperature and humidity; what is behind that is not understood. */
const withCo2 = new Set([0x08, 0x0a, 0x0c, 0x14, 0x1a, 0x1c, 0x20])

/** `00 08 6735 5367 925c 0b04`: 25.63 °C, 36.16 %, 1035 ppm. */
function decode({ manufacturerData }: Advertisement): Measurement | undefined {
  const record = manufacturerData.find((each) => companyId(each) === company)
  if (!record) return undefined
  const payload = { record, start: 2 }
  const type = uint8(payload, 1)
  const hasCo2 = withCo2.has(type)
  if (uint8(payload, 0) !== 0 || record.length < (hasCo2 ? 12 : 10)) return undefined
  const share = uint16le(payload, 6) / 0xffff
  return {
    brand: 'Sensirion',
    model: hasCo2 ? 'CO2 Gadget' : 'Humidity Gadget',
    temperature_c: digits(-45 + (175 * uint16le(payload, 4)) / 0xffff, 2),
    // Those of the SHT4x measure beyond both ends.
    humidity: digits(percent(type === 0x06 ? 125 * share - 6 : 100 * share), 2),
    co2: hasCo2 ? uint16le(payload, 8) : undefined,
  }
}
