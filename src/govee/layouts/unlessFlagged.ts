import type { Climate } from '../climate.js'
import type { Measurement } from '../measurement.js'
import { charge } from './charge.js'

/** A measurement in tenths, unless it has no climate or bit 7 of the battery byte says that the climate is invalid. */
export function unlessFlagged(model: string, climate: Climate | undefined, power: number): Measurement {
  const battery = charge(power)
  if (!climate || power > 0x7f) return { model, decimals: 1, battery, error: true }
  const { temperature_c, humidity } = climate
  return { model, decimals: 1, temperature_c, humidity, battery }
}
