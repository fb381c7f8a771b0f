import type { Advertisement } from '../bluetooth/advertisement.js'
import { addressDigits } from './addressDigits.js'
import { companyId } from './companyId.js'
import { goveeName } from './goveeName.js'
import { spellsAddress } from './spellsAddress.js'

const probes = /^(..51|5550)$/

/**
 * Whether a packet could hold a reading of a Govee device, known or not: by its name, Govee's company ids, or a UUID
 * of the kind that Govee's probes have. Packets without manufacturer data hold none, nor do iBeacons and the records
 * that tell who a button is.
 */
export function looksLikeGovee({
  address,
  localName = '',
  serviceUuids,
  manufacturerData,
}: Advertisement): boolean {
  const named = goveeName.test(localName)
  const served = serviceUuids.some((uuid) => probes.test(uuid))
  return manufacturerData.some((record) => {
    const company = companyId(record)
    const mute = company === 0x004c || (company === 0xec88 && record.length === 14)
    const marked = company === 0xec88 || company === 0xef88 || (record[1] === 0x88 && record[2] === 0xec)
    return !mute && (named || marked || (served && spellsAddress(record, addressDigits(address))))
  })
}
