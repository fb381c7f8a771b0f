import type { Advertisement } from '../bluetooth/advertisement.js'
import { companyId } from './companyId.js'
import { families } from './families.js'
import type { Family } from './family.js'
import type { Measurement } from './measurement.js'
import { modelOf } from './modelOf.js'

/** Some stacks glue the next structure, an iBeacon, to the payload without its header. */
const gluedTail = Buffer.from('\x4c\x00\x02\x15INTELLI_ROCKS_HW', 'latin1')
const longest = Math.max(...families.map(({ length }) => length + 2))

/** What is left for a record that begins with no company id of Govee's, as most of what is on the air does. */
const served = families.filter((family) => 'services' in family)
const byCompany = new Map(
  families
    .flatMap((family) => ('companyIds' in family ? family.companyIds : []))
    .map((id) => [id, withId(id)]),
)

/**
 * What a packet says, or undefined when there is no reading of a known Govee model in it. Every manufacturer record
 * is looked at, since an iBeacon may stand beside the reading. Never throws, whatever the bytes.
 *
 * @example
 * decodeGovee(advertisement({ model: 'H5075', temperature: 21.7, humidity: 50.2 }))
 * // → { model: 'H5075', decimals: 1, temperature_c: 21.7, humidity: 50.2, battery: 100 }
 */
export function decodeGovee(advertisement: Advertisement): Measurement | undefined {
  for (const record of advertisement.manufacturerData) {
    const candidates = byCompany.get(companyId(record)) ?? served
    const length = (record.length > longest ? startOfTail(record) : record.length) - 2
    for (const family of candidates) {
      if (family.length !== length) continue
      const model = modelOf(family, record, advertisement)
      if (model === undefined) continue
      const measurement = family.decode(model, new DataView(record.buffer, record.byteOffset + 2, length))
      if (measurement) return measurement
    }
  }
  return undefined
}

function withId(id: number): readonly Family[] {
  return families.filter((family) => !('companyIds' in family) || family.companyIds.includes(id))
}

function startOfTail(record: Uint8Array): number {
  return Buffer.from(record.buffer, record.byteOffset, record.length).indexOf(gluedTail, 2)
}
