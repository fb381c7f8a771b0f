import type { Measurement } from '../measurement.js'
import { charge } from './charge.js'
import { hundredths } from './hundredths.js'

/** Reads one probe and its high alarm. Bit 7 of the battery byte is set in normal operation here and says nothing. */
export function probe14(model: string, payload: DataView): Measurement {
  const plugged = payload.getUint8(7) & 0x80
  const probe = {
    temperature_c: plugged ? hundredths(payload, 8) : undefined,
    alarm_high_c: hundredths(payload, 10),
  }
  return { model, decimals: 2, battery: charge(payload.getUint8(5)), probes: { 1: probe } }
}
