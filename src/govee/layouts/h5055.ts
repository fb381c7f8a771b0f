import type { Measurement } from '../measurement.js'
import { charge } from './charge.js'
import { pluggedPair } from './pluggedPair.js'

/** Reads the older H5055: two of six probes with their low and high alarms, whole °C, little-endian, FFFF for none. */
export function h5055(model: string, payload: DataView): Measurement | undefined {
  if (payload.getUint8(1) !== 0) return undefined
  const degrees = (at: number) => {
    const value = payload.getInt16(at, true)
    return value === -1 ? undefined : value
  }
  const probeAt = (at: number) => ({
    temperature_c: degrees(at),
    alarm_low_c: degrees(at + 2),
    alarm_high_c: degrees(at + 4),
  })
  const probes = pluggedPair(payload.getUint8(3), probeAt(5), probeAt(12))
  return probes && { model, decimals: 0, battery: charge(payload.getUint8(2)), probes }
}
