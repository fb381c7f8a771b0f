import { addressDigits, type Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import { aranet } from './aranet.js'
import { atc } from './atc.js'
import { bthome } from './bthome.js'
import type { Format } from './format.js'
import { govee } from './govee/govee.js'
import { inkbird } from './inkbird.js'
import { mopeka } from './mopeka.js'
import { companyId } from './payload.js'
import { qingping } from './qingping.js'
import { ruuvi } from './ruuvi.js'
import { sensirion } from './sensirion.js'
import { sensorPush } from './sensorPush.js'
import { switchBot } from './switchBot.js'
import { thermoBeacon } from './thermoBeacon.js'
import { thermoPro } from './thermoPro.js'
import { tilt } from './tilt.js'
import { xiaomi } from './xiaomi/xiaomi.js'

/**
 * Every format that there is, in the order in which they are asked.
 *
 * @example
 * formats.find(({ companies }) => companies?.includes(0x0499))?.brand
 * // → 'Ruuvi'
 */
export const formats: readonly Format[] = [
  govee,
  aranet,
  atc,
  bthome,
  inkbird,
  mopeka,
  qingping,
  ruuvi,
  sensirion,
  sensorPush,
  switchBot,
  thermoBeacon,
  thermoPro,
  tilt,
  xiaomi,
]

/** The key of each device that encrypts, by the digits of its address. */
export type Keys = ReadonlyMap<string, Uint8Array>

/** Some formats, ready to read. */
export interface Reader {
  /** What a packet says, by the first format that can read it. */
  readonly decode: (advertisement: Advertisement, keys?: Keys) => Measurement | undefined
  /** The format that a measurement was read by. */
  readonly formatOf: (measurement: Measurement) => Format | undefined
  readonly formats: readonly Format[]
}

/**
 * Makes one of several formats. Most packets on the air belong to nobody here, so which format is asked is looked up by what a
 * packet has; only Govee's, which knows its devices by more than that, sees all of them. All of it plain loops, since every
 * packet comes by.
 */
export function readerOf(formats: readonly Format[]): Reader {
  const byService = tableOf(formats, ({ services }) => services)
  const byCompany = tableOf(formats, ({ companies }) => companies)
  const byName = lookUpName(formats)
  const others = formats.filter(({ services, companies, names }) => !services && !companies && !names)
  const byBrand = new Map(formats.map((format) => [format.brand, format]))

  return {
    formats,
    formatOf: ({ brand = govee.brand }) => byBrand.get(brand),
    decode(advertisement, keys) {
      const { serviceData, manufacturerData, serviceUuids, localName } = advertisement
      let ignored: Measurement | undefined
      if (byService.size > 0)
        for (const { uuid } of serviceData) {
          const asked = byService.get(uuid)
          if (!asked) continue
          const said = ask(asked, advertisement, keys)
          if (said && !said.ignored) return said
          ignored ??= said
        }
      if (byCompany.size > 0)
        for (const record of manufacturerData) {
          const asked = byCompany.get(companyId(record))
          if (!asked) continue
          const said = ask(asked, advertisement, keys)
          if (said && !said.ignored) return said
          ignored ??= said
        }
      if (byService.size > 0)
        for (const uuid of serviceUuids) {
          const asked = byService.get(uuid)
          if (!asked) continue
          const said = ask(asked, advertisement, keys)
          if (said && !said.ignored) return said
          ignored ??= said
        }
      const named = localName !== undefined && byName?.(localName)
      if (named) {
        const said = ask(named, advertisement, keys)
        if (said && !said.ignored) return said
        ignored ??= said
      }
      return ask(others, advertisement, keys) ?? ignored
    },
  }
}

/** What the first of some formats says that can read a packet; else of one that recognises it. */
function ask(
  formats: readonly Format[],
  advertisement: Advertisement,
  keys: Keys | undefined,
): Measurement | undefined {
  let ignored: Measurement | undefined
  for (const { keyAdvice, decode } of formats) {
    const key =
      keyAdvice !== undefined && keys?.size ? keys.get(addressDigits(advertisement.address)) : undefined
    const said = decode(advertisement, key)
    if (said && !said.ignored) return said
    ignored ??= said
  }
  return ignored
}

/** How many names are remembered: far more than are heard in a street. */
const nameLimit = 1000

/**
 * Makes a look-up of the formats whose devices have a local name, false where there is none; undefined where no format goes by names.
 * A name is looked at once and then remembered, since it comes again with every packet, and to find "ibbq" anywhere in it takes longer
 * than all the rest.
 */
function lookUpName(formats: readonly Format[]) {
  const named = formats.flatMap((format) => (format.names ? [{ names: format.names, format }] : []))
  if (named.length === 0) return undefined
  const known = new Map<string, readonly Format[] | false>()
  return (localName: string): readonly Format[] | false => {
    const found = known.get(localName)
    if (found !== undefined) return found
    const matching = named.flatMap(({ names, format }) => (names.test(localName) ? [format] : []))
    const asked = matching.length > 0 && matching
    // Somebody who makes names up shall not fill it.
    if (known.size >= nameLimit) known.clear()
    known.set(localName, asked)
    return asked
  }
}

/** Formats by what they are found by. */
function tableOf<Key>(formats: readonly Format[], keysOf: (format: Format) => readonly Key[] | undefined) {
  const table = new Map<Key, Format[]>()
  for (const format of formats)
    for (const key of keysOf(format) ?? []) table.set(key, [...(table.get(key) ?? []), format])
  return table
}
