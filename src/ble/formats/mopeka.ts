import { addressDigits, type Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, percent, uint16le, uint8 } from './payload.js'

/** Nordic's, whose chip it is: many other devices have it, too. */
const company = 0x0059

/**
 * How far sound comes in a step of time in what a tank may hold, mm: three coefficients, of the powers of its temperature above -40 °C.
 * Source: mopeka-iot-ble.
 */
const media = {
  propane: [0.573045, -0.002822, -0.00000535],
  water: [0.600592, 0.003124, -0.00001368],
  air: [0.153096, 0.000327, -0.000000294],
  fuel: [0.7373417462, -0.001978229885, 0.00000202162],
} as const

/** What a tank holds: `propane`, `water`, `air` or `fuel`. */
export type Medium = keyof typeof media

export const mediumNames = Object.keys(media) as Medium[]

/** The medium that is called so, in any case. */
export const mediumNamed = (text: string): Medium | undefined =>
  mediumNames.find((name) => name === text.toLowerCase())

/**
 * Mopeka's sensors of the level in a tank. What the tank holds is not on the air, so the level is that of propane unless its owner says
 * otherwise, see `mopekaIn`. Source: mopeka-iot-ble.
 */
export const mopeka: Format = mopekaIn()

/** The same, where tanks hold what is said of them, by the digits of the address of the sensor. */
export function mopekaIn(mediumOf?: ReadonlyMap<string, Medium>): Format {
  return {
    brand: 'Mopeka',
    get models() {
      return [...new Set(models.values())].sort().join(', ')
    },
    services: ['fee5'],
    decode: (advertisement) => decode(advertisement, mediumOf?.get(addressDigits(advertisement.address))),
  }
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
function decode(
  { serviceUuids, manufacturerData }: Advertisement,
  medium: Medium = 'propane',
): Measurement | undefined {
  const record = manufacturerData.find((each) => companyId(each) === company && each.length === 12)
  const payload = { record: record ?? new Uint8Array(), start: 2 }
  const model = record && models.get(uint8(payload, 0))
  if (model === undefined || !serviceUuids.includes('fee5')) return undefined
  const voltage = uint8(payload, 1) / 32
  const degrees = uint8(payload, 2) & 0x7f
  const echo = uint16le(payload, 3)
  const quality = echo >> 14
  const [constant, linear, square] = media[medium]
  const millimetres = constant + linear * degrees + square * degrees ** 2
  return {
    brand: 'Mopeka',
    model,
    temperature_c: degrees - 40,
    level_mm: quality > 0 ? Math.floor((echo & 0x3fff) * millimetres) : undefined,
    quality,
    battery: digits(percent(((voltage - 2.2) / 0.65) * 100), 0),
    voltage,
  }
}
