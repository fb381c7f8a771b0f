import type { Measurement } from '../measurement.js'
import { packed24 } from './packed24.js'

/** Reads the packed layout of the H5178, whose byte 2 says which of its two parts speaks: 0 the display, 1 the remote. */
export function packed24Two(model: string, payload: DataView): Measurement | undefined {
  const part = payload.getUint8(2)
  if (part > 1) return undefined
  const measured = packed24(model, payload, 3)
  return part === 1 ? { ...measured, sensor: 'remote' } : measured
}
