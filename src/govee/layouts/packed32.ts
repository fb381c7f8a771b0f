import type { Measurement } from '../measurement.js'
import { roomClimate } from './roomClimate.js'

/**
 * Reads the layout of the H5106, 4 bytes big-endian: bit 31 is the sign, the low 31 bits are
 * `temperature * 10 * 1000000 + humidity * 10 * 1000 + pm2.5`. `0e d2 e4 31` is 24.8 °C, 70.2 %, 1 µg/m³.
 */
export function packed32(model: string, payload: DataView): Measurement {
  const packed = payload.getUint32(2)
  const magnitude = packed & 0x7fffffff
  const tenths = Math.trunc(magnitude / 1_000_000)
  const humidity = Math.trunc(magnitude / 1000) % 1000
  const climate = roomClimate(packed > 0x7fffffff ? -tenths : tenths, humidity, 10)
  if (!climate) return { model, decimals: 1, error: true }
  return { model, decimals: 1, ...climate, pm25: magnitude % 1000 }
}
