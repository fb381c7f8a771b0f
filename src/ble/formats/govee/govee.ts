import type { Format } from '../format.js'
import { decodeGovee, models } from './families.js'
import { areDoubtful, packedUnits } from './packed.js'
import { isGovee, looksLikeGovee } from './recognise.js'

/** Govee's sensors. */
export const govee: Format = {
  brand: 'Govee',
  get models() {
    return models().join(' ')
  },
  decode: decodeGovee,
  isOurs: isGovee,
  looksFamiliar: looksLikeGovee,
  sample: packedUnits,
  isDoubtful: areDoubtful,
}
