import { nearest, quoteText } from '../../plugin/problems.js'
import { atcEncoder } from './atc.js'
import { bthomeEncoder } from './bthome.js'
import type { BrandEncoder } from './encoder.js'
import { ruuviEncoder } from './ruuvi.js'

/** How each brand but Govee says something. */
const brandEncoders: readonly BrandEncoder[] = [atcEncoder, bthomeEncoder, ruuviEncoder]

/** The encoder of a brand. Throws an Error that names the nearest one. */
export function findBrand(brand: string): BrandEncoder {
  const found = brandEncoders.find((each) => each.brand === brand)
  if (found) return found
  const known = brandEncoders.map((each) => each.brand)
  const meant = nearest(brand, known)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new Error(`expected brand to be one of ${known.join(', ')}, got ${quoteText(brand)}.${hint}`)
}
