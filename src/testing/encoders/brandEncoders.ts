import { nearest, quoteText } from '../../fields/problems.js'
import { aranetEncoder } from './aranet.js'
import { atcEncoder } from './atc.js'
import { bthomeEncoder } from './bthome.js'
import type { BrandEncoder } from './encoder.js'
import { inkbirdEncoder } from './inkbird.js'
import { mopekaEncoder } from './mopeka.js'
import { qingpingEncoder } from './qingping.js'
import { ruuviEncoder } from './ruuvi.js'
import { sensirionEncoder } from './sensirion.js'
import { sensorPushEncoder } from './sensorPush.js'
import { switchBotEncoder } from './switchBot.js'
import { thermoBeaconEncoder } from './thermoBeacon.js'
import { thermoProEncoder } from './thermoPro.js'
import { tiltEncoder } from './tilt.js'
import { xiaomiEncoder } from './xiaomi.js'

/** How each brand but Govee says something. */
const brandEncoders: readonly BrandEncoder[] = [
  aranetEncoder,
  atcEncoder,
  bthomeEncoder,
  inkbirdEncoder,
  mopekaEncoder,
  qingpingEncoder,
  ruuviEncoder,
  sensirionEncoder,
  sensorPushEncoder,
  switchBotEncoder,
  thermoBeaconEncoder,
  thermoProEncoder,
  tiltEncoder,
  xiaomiEncoder,
]

/** The encoder of a brand. Throws an Error that names the nearest one. */
export function findBrand(brand: string): BrandEncoder {
  const found = brandEncoders.find((each) => each.brand === brand)
  if (found) return found
  const known = brandEncoders.map((each) => each.brand)
  const meant = nearest(brand, known)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new Error(`expected brand to be one of ${known.join(', ')}, got ${quoteText(brand)}.${hint}`)
}
