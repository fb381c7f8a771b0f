import type { Measurement } from '../measurement.js'
import { charge } from './charge.js'
import { probeAt } from './probeAt.js'

/**
 * Reads two probes with their high and low alarms: those of the H5185, or one of the two pairs that the H5198 sends in
 * turn. Bits 6 and 7 of byte 6 say which of the two are plugged in, its low bits are the pair.
 */
export function probe20(model: string, payload: DataView): Measurement | undefined {
  const state = payload.getUint8(6)
  const pair = model === 'H5198' ? state & 0x3f : 1
  if (pair !== 1 && pair !== 2) return undefined
  const probeOrAlarms = (at: number, plugged: number) =>
    plugged ? probeAt(payload, at) : { ...probeAt(payload, at), temperature_c: undefined }
  const probes = {
    [pair * 2 - 1]: probeOrAlarms(8, state & 0x40),
    [pair * 2]: probeOrAlarms(14, state & 0x80),
  }
  return { model, decimals: 2, battery: charge(payload.getUint8(5)), probes }
}
