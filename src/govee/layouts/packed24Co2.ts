import type { Measurement } from '../measurement.js'
import { climate24 } from './climate24.js'

/** Reads the packed layout of the H5140: CO2 (ppm) stands behind the climate, then a byte that is 0 while all is well. */
export function packed24Co2(model: string, payload: DataView): Measurement {
  const climate = climate24(payload, 2)
  if (!climate || payload.getUint8(7) !== 0) return { model, decimals: 1, error: true }
  return { model, decimals: 1, ...climate, co2: payload.getUint16(5) }
}
