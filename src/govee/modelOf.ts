import type { Advertisement } from '../bluetooth/advertisement.js'
import { addressDigits } from './addressDigits.js'
import type { Family } from './family.js'
import { spellsAddress } from './spellsAddress.js'

type Served = Extract<Family, { readonly services: unknown }>
type Named = Exclude<Family, Served>

const modelInName = /^(?:GVH?|Govee_H)(\d{4})/

/** The model of a family that a record of its company id and length belongs to; undefined when it is none of them. */
export function modelOf(
  family: Family,
  record: Uint8Array,
  advertisement: Advertisement,
): string | undefined {
  return 'services' in family
    ? servedModel(family, record, advertisement)
    : namedModel(family, record, advertisement.localName)
}

function namedModel(
  { begins = [], names, otherwise }: Named,
  record: Uint8Array,
  localName = '',
): string | undefined {
  if (!begins.every((byte, at) => record[at + 2] === byte)) return undefined
  for (const prefix in names) if (localName.startsWith(prefix)) return names[prefix]
  if (otherwise === undefined) return undefined
  // A name that says the model of another family speaks against this one.
  const digits = modelInName.exec(localName)?.[1]
  return digits === undefined ? otherwise : Object.values(names).find((model) => model === `H${digits}`)
}

function servedModel(
  { services }: Served,
  record: Uint8Array,
  { serviceUuids, address, localName = '' }: Advertisement,
): string | undefined {
  for (const uuid of serviceUuids) {
    const model = services[uuid]
    if (model === undefined) continue
    // Anybody may use a 16-bit UUID, so something else has to speak for the model: the fixed bytes that all but the
    // older H5055 send, the address, or the name. macOS shows no addresses: the UUID and the length have to do there.
    const fixed = record[4] === 0 && record[5] === 1 && record[6] === 1
    const digits = addressDigits(address)
    if (fixed || digits.length !== 12 || spellsAddress(record, digits)) return model
    if (localName.startsWith(`GV${model}`)) return model
  }
  return undefined
}
