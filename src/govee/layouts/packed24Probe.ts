import type { Measurement } from '../measurement.js'
import { packed24 } from './packed24.js'

/** What byte 7 says for each probe. */
const probes: Readonly<Record<number, number>> = { 0x41: 1, 0x82: 2 }

/**
 * Reads the packed layout of the H5112, which sends its two probes in turn. Only the first has a humidity sensor;
 * packets of the second repeat its value, so it is left out there.
 */
export function packed24Probe(model: string, payload: DataView): Measurement | undefined {
  const probe = probes[payload.getUint8(7)]
  if (probe === undefined) return undefined
  const { temperature_c, humidity, ...measured } = packed24(model, payload, 2)
  if (temperature_c === undefined || humidity === undefined) return { ...measured, probe }
  return { ...measured, probes: { [probe]: probe === 1 ? { temperature_c, humidity } : { temperature_c } } }
}
