import type { Advertisement } from '../bluetooth/advertisement.js'
import { families } from './families.js'
import type { Family } from './family.js'
import type { Measurement } from './measurement.js'

/** Some stacks glue the next structure, an iBeacon, to the payload without its header. */
const gluedTail = Buffer.from('\x4c\x00\x02\x15INTELLI_ROCKS_HW', 'latin1')

/**
 * What a packet says, or undefined when there is no reading of a known Govee model in it. Every manufacturer record
 * is looked at, since an iBeacon may stand beside the reading. Never throws, whatever the bytes.
 *
 * @example decodeGovee(advertisement) // { model: 'H5075', decimals: 1, temperature_c: 21.7, humidity: 50.2, battery: 100 }
 */
export function decodeGovee({ manufacturerData, localName = '' }: Advertisement): Measurement | undefined {
  for (const record of manufacturerData) {
    const companyId = (record[0] ?? 0) | ((record[1] ?? 0) << 8)
    const end = endOfPayload(record)
    for (const family of families) {
      if (family.companyId !== companyId || family.length !== end - 2) continue
      const model = modelOf(localName, family)
      const measurement = model && family.decode(model, record.subarray(2, end))
      if (measurement) return measurement
    }
  }
  return undefined
}

function endOfPayload(record: Uint8Array): number {
  if (record.length < gluedTail.length + 2) return record.length
  const glued = Buffer.from(record.buffer, record.byteOffset, record.length).indexOf(gluedTail, 2)
  return glued < 0 ? record.length : glued
}

function modelOf(localName: string, { names, otherwise }: Family): string | undefined {
  for (const prefix in names) if (localName.startsWith(prefix)) return names[prefix]
  return otherwise
}
