import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { remember } from '../bounded.js'
import { goveeName } from './goveeName.js'
import { looksLikeGovee } from './looksLikeGovee.js'

const deviceLimit = 10_000

/**
 * Passes the packets of Govee devices, known or not: all that a device sends from the first one on that its name, its
 * service or its data give away. Some of a device's packets say nothing of the kind. Remembers at most 10 000 devices.
 */
export function fromGovee(): MonoTypeOperatorFunction<Advertisement> {
  return (advertisements$) =>
    defer(() => {
      const devices = new Map<string, true>()
      return advertisements$.pipe(
        filter((advertisement) => {
          const { address, localName = '', serviceUuids } = advertisement
          if (devices.has(address)) return true
          const isGovee =
            goveeName.test(localName) || serviceUuids.includes('ec88') || looksLikeGovee(advertisement)
          if (isGovee) remember(devices, address, true, deviceLimit)
          return isGovee
        }),
      )
    })
}
