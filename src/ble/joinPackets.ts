import { asyncScheduler, defer, map, type MonoTypeOperatorFunction } from 'rxjs'
import { remember } from '../memory.js'
import type { Advertisement } from '../radio/advertisement.js'
import type { Format } from './formats/format.js'
import { companyId } from './formats/payload.js'

/**
 * Lends a packet without local name or service UUIDs those that its device sent in another packet: some say their
 * name in the advertisement and their reading in the scan response. Readings and RSSI are never carried over.
 *
 * A shortened name (a beginning of the known one) does not replace a complete one. A device unheard for 10 minutes
 * is forgotten, and so is the one unheard for longest when more than 10 000 are known.
 *
 * ![marble diagram](../../marbles/joinPackets.svg)
 *
 * @example
 * const name = advertisement({ model: 'H5074' })
 * const reading = advertisement({ model: 'H5074', temperature: 4.5, humidity: 80 })
 * of(name, reading).pipe(
 *   joinPackets(),
 *   map((packet) => decodeGovee(packet)?.temperature_c),
 * )
 * // → undefined, 4.5
 */
export function joinPackets(): MonoTypeOperatorFunction<Advertisement> {
  return (advertisements$) => defer(() => advertisements$.pipe(map(packetJoiner())))
}

/** Makes a function that lends packets what `joinPackets` says and, where a format asks for it, what says the model elsewhere. */
export function packetJoiner(
  formats: readonly Format[] = [],
): (advertisement: Advertisement) => Advertisement {
  const devices = new Map<string, Identity>()
  const lend = dataLender(formats)
  return (packet) => {
    const advertisement = lend?.(packet) ?? packet
    const address = advertisement.address.toLowerCase()
    const now = advertisement.at ?? asyncScheduler.now()
    const last = devices.get(address)
    const known = last && now - last.heard < expiry ? last : undefined
    const localName = completeName(advertisement.localName, known?.localName)
    const serviceUuids = advertisement.serviceUuids.length
      ? advertisement.serviceUuids
      : (known?.serviceUuids ?? [])
    if (localName === undefined && serviceUuids.length === 0) return advertisement
    // Moving an entry to the newest end costs more than all the rest, so not for every packet.
    if (!known || now - known.heard >= second) {
      remember(devices, address, { localName, serviceUuids, heard: now }, deviceLimit)
    } else {
      known.localName = localName
      known.serviceUuids = serviceUuids
    }
    if (localName === advertisement.localName && serviceUuids === advertisement.serviceUuids) {
      return advertisement
    }
    const lent = localName === undefined ? { serviceUuids } : { localName, serviceUuids }
    // A spread would cost more than all the rest.
    return Object.assign({}, advertisement, lent)
  }
}

/**
 * Makes a function that lends a packet with a manufacturer record the service data in which its device said elsewhere which model
 * it is, where a format asks for that; undefined where none does.
 */
function dataLender(formats: readonly Format[]) {
  const lenders = formats.flatMap(({ lent, services = [] }) => (lent ? [{ ...lent, services }] : []))
  if (lenders.length === 0) return undefined
  const companies = new Set(lenders.flatMap((lender) => lender.companies))
  const modelOf = new Map(lenders.flatMap(({ services, model }) => services.map((uuid) => [uuid, model])))
  const said = new Map<string, Advertisement['serviceData']>()
  return (advertisement: Advertisement): Advertisement => {
    const { address, serviceData, manufacturerData } = advertisement
    for (const { uuid } of serviceData) {
      if (!modelOf.has(uuid)) continue
      const models = serviceData.flatMap(({ uuid, data }) => {
        const model = modelOf.get(uuid)?.(data)
        return model ? [{ uuid, data: model }] : []
      })
      remember(said, address.toLowerCase(), models, deviceLimit)
      return advertisement
    }
    if (said.size > 0)
      for (const record of manufacturerData) {
        const lent = companies.has(companyId(record)) && said.get(address.toLowerCase())
        if (lent) return { ...advertisement, serviceData: [...serviceData, ...lent] }
      }
    return advertisement
  }
}

interface Identity {
  localName: string | undefined
  serviceUuids: readonly string[]
  readonly heard: number
}

const deviceLimit = 10_000

const expiry = 10 * 60_000

const second = 1_000

function completeName(said: string | undefined, known: string | undefined): string | undefined {
  return said === undefined || said === known || known?.startsWith(said) ? known : said
}
