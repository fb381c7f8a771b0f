import type { Measurement } from './measurement.js'

/**
 * What the packed layout of 3 bytes had in it, `temperature * 10 * 1000 + humidity * 10` with the sign of the
 * temperature; undefined for a measurement from another layout or without a temperature.
 */
export function packedUnits(measurement: Measurement): number | undefined {
  const { decimals, pm25, probes } = measurement
  if (decimals !== 1 || pm25 !== undefined) return undefined
  const { temperature_c, humidity = 0 } = probes ? (probes['1'] ?? probes['2'] ?? {}) : measurement
  if (temperature_c === undefined) return undefined
  const tenths = Math.round(temperature_c * 10)
  const below = Math.round(humidity * 10)
  return tenths < 0 ? tenths * 1000 - below : tenths * 1000 + below
}
