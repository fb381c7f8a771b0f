import type { Measurement } from '../../measurement.js'
import { charge, roomClimate } from './packed.js'

/**
 * Reads, from byte `at`, temperature (two's complement) and humidity in hundredths, both 16 bits little-endian, and
 * the battery byte. `e6 09 bc 12 64` is 25.34 °C, 47.96 %, battery 100 %.
 *
 * A sensor without a value sends all ones in its place, one that is just starting all zeros.
 */
export function littleEndian(model: string, payload: DataView, at: number): Measurement {
  const temperature = payload.getInt16(at, true)
  const humidity = payload.getUint16(at + 2, true)
  const power = payload.getUint8(at + 4)
  const empty = temperature === -1 || (temperature === 0 && humidity === 0 && power === 0)
  const climate = empty ? undefined : roomClimate(temperature, humidity, 100)
  if (!climate) return { model, decimals: 2, error: true }
  return { model, decimals: 2, ...climate, battery: charge(power) }
}

/** °C from hundredths, 16 bits big-endian at byte `at`; FFFF stands for none. There is no upper limit: ovens are hot. */
export function hundredths(payload: DataView, at: number): number | undefined {
  const value = payload.getInt16(at)
  return value === -1 ? undefined : value / 100
}
