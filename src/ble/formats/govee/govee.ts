import type { Format } from '../format.js'
import { nonceOf } from './events.js'
import { decodeGovee } from './families.js'
import { areDoubtful, packedUnits } from './packed.js'
import { looksLikeGovee } from './recognise.js'

/** Govee's sensors. */
export const govee: Format = {
  brand: 'Govee',
  decode: decodeGovee,
  looksFamiliar: looksLikeGovee,
  eventNumber: nonceOf,
  sample: packedUnits,
  isDoubtful: areDoubtful,
}
