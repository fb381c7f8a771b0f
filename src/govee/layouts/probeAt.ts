import type { Probe } from '../probe.js'
import { hundredths } from './hundredths.js'

/** Reads temperature, high and low alarm of a probe that begins at byte `at`. */
export const probeAt = (payload: DataView, at: number): Probe => ({
  temperature_c: hundredths(payload, at),
  alarm_high_c: hundredths(payload, at + 2),
  alarm_low_c: hundredths(payload, at + 4),
})
