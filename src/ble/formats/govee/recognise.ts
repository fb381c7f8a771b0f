import { addressDigits, type Advertisement } from '../../../radio/advertisement.js'
import { companyId } from '../payload.js'
import { spellsAddress } from './families.js'

/** Whether a packet gives away that it is from a device of Govee's, known or not: by its name, its service or its data. */
export const isGovee = (advertisement: Advertisement): boolean =>
  goveeName.test(advertisement.localName ?? '') ||
  advertisement.serviceUuids.includes('ec88') ||
  looksLikeGovee(advertisement)

/** How the local names of Govee's sensors begin. */
const goveeName = /^(GV|Govee_|B5178)/

/** Whether a local name is that of a lamp or a plug of Govee's, `ihoment_H6159_6C3A` or `GVH7021_1A2B`: nothing can be read of those. */
export const isLampName = (localName: string): boolean => /^(?:GV|[a-z]+_)H[67][\dA-F]{3}/i.test(localName)

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
  if (isLampName(localName)) return false
  const named = goveeName.test(localName)
  const served = serviceUuids.some((uuid) => probes.test(uuid))
  return manufacturerData.some((record) => {
    const company = companyId(record)
    const mute = company === 0x004c || (company === 0xec88 && record.length === 14)
    const marked = company === 0xec88 || company === 0xef88 || (record[1] === 0x88 && record[2] === 0xec)
    return !mute && (named || marked || (served && spellsAddress(record, addressDigits(address))))
  })
}
