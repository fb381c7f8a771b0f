import { asyncScheduler } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { remember } from '../bounded.js'

const deviceLimit = 10_000
const expiry = 10 * 60_000
const second = 1_000

interface Identity {
  localName: string | undefined
  serviceUuids: readonly string[]
  readonly heard: number
}

/** Makes a function that lends packets what `joinPackets` says. */
export function packetJoiner(): (advertisement: Advertisement) => Advertisement {
  const devices = new Map<string, Identity>()
  return (advertisement) => {
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

function completeName(said: string | undefined, known: string | undefined): string | undefined {
  return said === undefined || said === known || known?.startsWith(said) ? known : said
}
