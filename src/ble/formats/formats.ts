import { addressDigits, type Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import { atc } from './atc.js'
import { bthome } from './bthome.js'
import type { Format } from './format.js'
import { govee } from './govee/govee.js'
import { companyId } from './payload.js'
import { ruuvi } from './ruuvi.js'

/** Every format that there is, in the order in which they are asked. */
export const formats: readonly Format[] = [govee, atc, bthome, ruuvi]

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
 * packet has; only Govee's, which knows its devices by more than that, sees all of them.
 */
export function readerOf(formats: readonly Format[]): Reader {
  const byService = tableOf(formats, ({ services }) => services)
  const byCompany = tableOf(formats, ({ companies }) => companies)
  const named = formats.filter(({ names }) => names)
  const nameless = formats.filter(({ services, companies, names }) => !services && !companies && !names)
  const byBrand = new Map(formats.map((format) => [format.brand, format]))

  /** Most packets have one candidate at most: a list of them would cost more than to ask. */
  return {
    formats,
    formatOf: ({ brand = govee.brand }) => byBrand.get(brand),
    decode(advertisement, keys) {
      const { serviceData, serviceUuids, manufacturerData, localName } = advertisement
      let ignored: Measurement | undefined
      const ask = (candidates: readonly Format[] | undefined): Measurement | undefined => {
        if (!candidates) return undefined
        for (const format of candidates) {
          const key =
            format.keyAdvice && keys?.size ? keys.get(addressDigits(advertisement.address)) : undefined
          const measurement = format.decode(advertisement, key)
          if (measurement?.ignored) ignored ??= measurement
          else if (measurement) return measurement
        }
        return undefined
      }
      for (const { uuid } of serviceData) {
        const measurement = ask(byService.get(uuid))
        if (measurement) return measurement
      }
      for (const record of manufacturerData) {
        const measurement = ask(byCompany.get(companyId(record)))
        if (measurement) return measurement
      }
      for (const uuid of serviceUuids) {
        const measurement = ask(byService.get(uuid))
        if (measurement) return measurement
      }
      if (localName !== undefined) {
        for (const format of named) {
          const measurement = format.names?.test(localName) ? ask([format]) : undefined
          if (measurement) return measurement
        }
      }
      return ask(nameless) ?? ignored
    },
  }
}

/** Formats by what they are found by. */
function tableOf<Key>(formats: readonly Format[], keysOf: (format: Format) => readonly Key[] | undefined) {
  const table = new Map<Key, Format[]>()
  for (const format of formats)
    for (const key of keysOf(format) ?? []) table.set(key, [...(table.get(key) ?? []), format])
  return table
}
