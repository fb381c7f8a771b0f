import type { Advertisement } from '../radio/advertisement.js'
import type { Device } from './devices.js'
import { companyId } from './formats/govee/families.js'
import { packedUnits } from './formats/govee/packed.js'
import { placeOf } from './formats/govee/recognise.js'
import type { Measurement } from './measurement.js'

/** 1 °C in units of the packed layout: what a room changes from one packet to the next. */
const near = 10_000

/**
 * Whether a value of one probe is far from its own last one but close to the last one of the other probe: 0.8 % of the
 * packets of the H5112 carry the number of the wrong probe.
 */
const isOtherProbe = (units: number, own: number, other: number): boolean =>
  Math.abs(units - own) > near && Math.abs(units - other) <= near

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

/** What the low 16 bits of the packed layout hold: 6.5 °C and 53.6 %. */
const span = 0x10000

/**
 * Whether the high byte of a packed value looks like that of one sample and the low 16 bits like those of another:
 * it differs from the last one by exactly 65536 units but for a small change, next to a multiple of 65536 (6.5, 13.1,
 * 19.6 °C …) where the high byte has just changed. Nothing in the packet says so.
 */
function isTorn(units: number, last: number): boolean {
  if (units < 0 !== last < 0) return false
  const size = Math.abs(units)
  const meant = size + (size > Math.abs(last) ? -span : span)
  const boundary = Math.round(meant / span) * span
  return boundary > 0 && Math.abs(meant - Math.abs(last)) <= near && Math.abs(meant - boundary) <= near
}

/** A measurement, the packet it was heard in and the device that sent it. */
export interface Observation {
  readonly advertisement: Advertisement
  readonly measurement: Measurement
  readonly device: Device
}

/** More than one, because packets of two adapters overtake each other; few, because counters start over. */
const noncesKept = 8

/** Whether its device has sent this encrypted packet before: each event is on the air many times, under one nonce. */
export function isRepeated({ advertisement, device }: Observation): boolean {
  const nonce = nonceOf(advertisement)
  if (nonce === undefined) return false
  if (device.nonces.includes(nonce)) return true
  device.nonces = [nonce, ...device.nonces].slice(0, noncesKept)
  return false
}

function nonceOf({ manufacturerData }: Advertisement): number | undefined {
  for (const record of manufacturerData) {
    if (companyId(record) === 0xef88 && record.length === 26) {
      return new DataView(record.buffer, record.byteOffset).getUint32(4)
    }
  }
  return undefined
}
