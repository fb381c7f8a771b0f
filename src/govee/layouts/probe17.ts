import type { Measurement } from '../measurement.js'
import { charge } from './charge.js'
import { hundredths } from './hundredths.js'

/** Reads two probes and their high alarms: those of the H5182, or one of the two pairs that the H5184 sends in turn. */
export function probe17(model: string, payload: DataView): Measurement | undefined {
  const pair = model === 'H5184' ? payload.getUint8(6) : 1
  if (pair !== 1 && pair !== 2) return undefined
  const probeAt = (at: number) => {
    const plugged = payload.getUint8(at) & 0x80
    return {
      temperature_c: plugged ? hundredths(payload, at + 1) : undefined,
      alarm_high_c: hundredths(payload, at + 3),
    }
  }
  const probes = { [pair * 2 - 1]: probeAt(7), [pair * 2]: probeAt(12) }
  return { model, decimals: 2, battery: charge(payload.getUint8(5)), probes }
}
