import type { Measurement } from '../measurement.js'

/** Reads the H5127: somebody is there, somebody moves. */
export function presence(model: string, payload: DataView): Measurement {
  return {
    model,
    decimals: 0,
    occupancy: payload.getUint8(4) === 1,
    motion: payload.getUint8(5) === 0x11,
  }
}
