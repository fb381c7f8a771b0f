import type { Format } from '../format.js'
import { decodeGovee } from './families.js'
import { areDoubtful, packedUnits } from './packed.js'
import { looksLikeGovee } from './recognise.js'

/** Govee's sensors. */
export const govee: Format = {
  brand: 'Govee',
  decode: decodeGovee,
  looksFamiliar: looksLikeGovee,
  sample: packedUnits,
  isDoubtful: areDoubtful,
}
