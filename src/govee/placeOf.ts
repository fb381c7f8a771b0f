import type { Measurement } from './measurement.js'

/** The place of a device that a measurement in the packed layout is from. */
export function placeOf({ probes, sensor }: Measurement): 'room' | 'remote' | 'probe1' | 'probe2' {
  if (probes) return '1' in probes ? 'probe1' : 'probe2'
  return sensor ?? 'room'
}
