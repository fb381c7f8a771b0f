import type { Measurement } from '../measurement.js'
import { climate24 } from './climate24.js'
import { unlessFlagged } from './unlessFlagged.js'

/** Reads the packed layout of models without a humidity sensor: they send a constant 60.0 % in its place. */
export function packed24Dry(model: string, payload: DataView): Measurement {
  const climate = climate24(payload, 2)
  return unlessFlagged(model, climate && { ...climate, humidity: undefined }, payload.getUint8(5))
}
