import { isOtherProbe } from './isOtherProbe.js'
import { isTorn } from './isTorn.js'
import type { Observation } from './observation.js'
import { packedUnits } from './packedUnits.js'
import { placeOf } from './placeOf.js'

const others: Readonly<Record<string, string>> = { probe1: 'probe2', probe2: 'probe1' }

/**
 * Whether a measurement may be reported: not when the one before makes it likely that the packet is wrong in one of the two
 * ways that packets of the packed layout are known to be: torn, or under the number of the other probe. Users found both by
 * comparing packets with displays; nothing else is held back.
 *
 * Never two in a row: if the next one says the same, it was true, and passes one packet late.
 */
export function isPlausible({ measurement, device: { packed } }: Observation): boolean {
  const units = packedUnits(measurement)
  if (units === undefined) return true
  const place = placeOf(measurement)
  const last = packed[place]
  if (!last) {
    packed[place] = { units, held: false }
    return true
  }
  const other = packed[others[place] ?? '']
  const doubtful =
    isTorn(units, last.units) || (other !== undefined && isOtherProbe(units, last.units, other.units))
  last.held = doubtful && !last.held
  if (!last.held) last.units = units
  return !last.held
}
