import type { Measurement } from '../measurement.js'
import { charge } from './charge.js'
import { pluggedPair } from './pluggedPair.js'
import { probeAt } from './probeAt.js'

/**
 * Reads the newer H5055: two probes as the H5185 sends them. Only one packet of it has been published; that byte 6
 * counts pairs as in the older H5055 is inferred from it.
 */
export function h5055BigEndian(model: string, payload: DataView): Measurement | undefined {
  if (payload.getUint8(1) === 0 || payload.getUint8(2) !== 0 || payload.getUint16(3) !== 0x0101)
    return undefined
  const probes = pluggedPair(payload.getUint8(6), probeAt(payload, 8), probeAt(payload, 14))
  return probes && { model, decimals: 2, battery: charge(payload.getUint8(5)), probes }
}
