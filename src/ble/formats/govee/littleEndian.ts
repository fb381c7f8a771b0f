import type { Measurement } from '../../measurement.js'
import { int16le, type Payload, uint16le, uint8 } from '../payload.js'
import { charge, roomClimate } from './packed.js'

/**
 * Reads, from byte `at`, temperature (two's complement) and humidity in hundredths, both 16 bits little-endian, and
 * the battery byte. `e6 09 bc 12 64` is 25.34 °C, 47.96 %, battery 100 %.
 *
 * A sensor without a value sends all ones in its place, one that is just starting all zeros.
 */
export function littleEndian(model: string, payload: Payload, at: number): Measurement {
  const temperature = int16le(payload, at)
  const humidity = uint16le(payload, at + 2)
  const power = uint8(payload, at + 4)
  const empty = temperature === -1 || (temperature === 0 && humidity === 0 && power === 0)
  const climate = empty ? undefined : roomClimate(temperature, humidity, 100)
  if (empty) return { model, decimals: 2, temperature_c: undefined, humidity: undefined, error: true }
  if (!climate) return { model, decimals: 2, error: true }
  return { model, decimals: 2, ...climate, battery: charge(power) }
}
