import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, percent, uint16le, uint8 } from './payload.js'

/** Nordic's, whose chip it is: many other devices have it, too. */
const company = 0x0059

/**
 * Mopeka's sensors of the level in a tank. The level is right for propane only: sound is as fast as it is in what the tank holds,
 * which is not on the air, and no parameter says it. Source: mopeka-iot-ble.
 */
export const mopeka: Format = {
  brand: 'Mopeka',
  get models() {
    return [...new Set(models.values())].sort().join(', ')
  },
  services: ['fee5'],
  decode,
}

const models: ReadonlyMap<number, string> = new Map([
  [0x03, 'M1017'],
  [0x04, 'Pro-200'],
  [0x05, 'Pro H2O'],
  [0x06, 'M1017'],
  [0x08, 'M1015'],
  [0x09, 'M1015'],
  [0x0a, 'TD40'],
  [0x0b, 'TD40'],
  [0x0c, 'M1017'],
  [0x12, 'Pro-200'],
])

/** `03 5b 41 a4c6 50a8cc 801b`: 2.84375 V, battery 99 %, 25 °C, 623 mm, quality 3. */
function decode({ serviceUuids, manufacturerData }: Advertisement): Measurement | undefined {
  const record = manufacturerData.find((each) => companyId(each) === company && each.length === 12)
  const payload = { record: record ?? new Uint8Array(), start: 2 }
  const model = record && models.get(uint8(payload, 0))
  if (model === undefined || !serviceUuids.includes('fee5')) return undefined
  const voltage = uint8(payload, 1) / 32
  const degrees = uint8(payload, 2) & 0x7f
  const echo = uint16le(payload, 3)
  const quality = echo >> 14
  return {
    brand: 'Mopeka',
    model,
    temperature_c: degrees - 40,
    level_mm: quality > 0 ? Math.floor((echo & 0x3fff) * millimetres(degrees)) : undefined,
    quality,
    battery: digits(percent(((voltage - 2.2) / 0.65) * 100), 0),
    voltage,
  }
}

/** How far sound comes in propane in a step of time, at so many °C above -40. */
const millimetres = (degrees: number): number => 0.573045 - 0.002822 * degrees - 0.00000535 * degrees ** 2
