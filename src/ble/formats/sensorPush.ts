import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { companyId, digits, type Payload, percent, uint16le, uint32le, uint8 } from './payload.js'

const ht1Service = 'ef09000011d642ba93b89dd7ec090aa9'

const service = 'ef09000011d642ba93b89dd7ec090ab0'

const names = /^SensorPush /

/**
 * SensorPush's sensors. The record has no company id, values begin in its place; beside it there may be an iBeacon.
 * Source: sensorpush-ble.
 */
export const sensorPush: Format = {
  brand: 'SensorPush',
  models: 'HT1, HT.w, HTP.xw, TC.x',
  services: [ht1Service, service],
  names,
  decode,
}

function decode(advertisement: Advertisement): Measurement | undefined {
  const { localName = '', serviceUuids, manufacturerData } = advertisement
  const isHt1 = localName === 's' && serviceUuids.includes(ht1Service)
  if (!isHt1 && !serviceUuids.includes(service) && !names.test(localName)) return undefined
  for (const record of manufacturerData) {
    if (companyId(record) === apple) continue
    const measurement = (isHt1 ? ht1 : packed)({ record, start: 0 })
    if (measurement) return measurement
  }
  return undefined
}

const apple = 0x004c

/** `34486205`: 13.94 °C, 58.09 %; 12 bits of humidity, 14 of temperature, and the type. */
function ht1(payload: Payload): Measurement | undefined {
  if (payload.record.length < 4 || ((uint8(payload, 3) >> 2) & 0x1f) !== 1) return undefined
  const temperature = (uint16le(payload, 1) >> 4) | ((uint8(payload, 3) & 3) << 12)
  const humidity = uint16le(payload, 0) & 0xfff
  return {
    brand: 'SensorPush',
    model: 'HT1',
    temperature_c: digits(-46.85 + (175.72 * temperature) / 0x4000, 2),
    humidity: digits(percent(-6 + (125 * humidity) / 0x1000), 2),
  }
}

interface Layout {
  readonly model: string
  /** The least number of bytes of a record. */
  readonly length: number
  /** Least value, size and number of the steps of the temperature. */
  readonly temperature: readonly [least: number, step: number, count: number]
  readonly hasHumidity?: true
  readonly hasPressure?: true
}

/** By the type in the first byte, above the number of the page. */
const layouts: readonly Layout[] = [
  { model: 'HTP.xw', length: 7, temperature: [-40, 0.0025, 72_001], hasHumidity: true, hasPressure: true },
  { model: 'HT.w', length: 5, temperature: [-40, 0.0025, 66_001], hasHumidity: true },
  { model: 'TC.x', length: 4, temperature: [-200, 0.0625, 32_001] },
]

/** `00 89e456bea6b4`: 22.66 °C, 46.07 %, 989.65 hPa. One number in mixed radix: steps of one value, then of the next. */
function packed(payload: Payload): Measurement | undefined {
  const type = uint8(payload, 0)
  const layout = type & 3 ? undefined : layouts[type >> 2]
  if (!layout || payload.record.length < layout.length) return undefined
  const { model, temperature, hasHumidity, hasPressure } = layout
  const [least, step, count] = temperature
  // 48 bits, too many for the operators on bits.
  const number = uint32le(payload, 1) + uint16le(payload, 5) * 0x1_0000_0000
  const others = Math.floor(number / count)
  return {
    brand: 'SensorPush',
    model,
    temperature_c: digits(least + step * (number % count), 2),
    humidity: hasHumidity ? digits(0.0025 * (others % humidities), 2) : undefined,
    pressure_hpa: hasPressure ? (30_000 + (Math.floor(others / humidities) % pressures)) / 100 : undefined,
  }
}

const humidities = 40_001

const pressures = 95_001
