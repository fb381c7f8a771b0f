import type { Measurement } from '../measurement.js'
import { charge } from './charge.js'
import { hundredths } from './hundredths.js'

/** Reads the probe of the H5191, its high alarm, and the temperature around it. */
export function h5191(model: string, payload: DataView): Measurement {
  return {
    model,
    decimals: 2,
    temperature_c: hundredths(payload, 14),
    battery: charge(payload.getUint8(5)),
    probes: { 1: { temperature_c: hundredths(payload, 8), alarm_high_c: hundredths(payload, 10) } },
  }
}
