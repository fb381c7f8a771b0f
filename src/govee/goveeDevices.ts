import type { Advertisement } from '../bluetooth/advertisement.js'
import { remember } from '../bounded.js'
import { addressDigits } from './addressDigits.js'
import type { Device } from './device.js'
import { deviceLevel } from './deviceLevel.js'
import { deviceTopics } from './deviceTopics.js'

const deviceLimit = 10_000
const none: readonly number[] = []

/**
 * Makes a look-up from a packet to its device, whose topics are below a level of its own under `destination`. A device
 * keeps its level until it says another name. With `chosen` (address to destination) there are only those.
 *
 * Bounded: when more than 10 000 are known, the one known for longest gives its level back, and is given one anew
 * should it be heard again.
 */
export function goveeDevices(destination: string, chosen?: Readonly<Record<string, string>>) {
  const devices = new Map<string, Device>()
  const levels = new Set<string>()
  const fixed = new Map(
    Object.entries(chosen ?? {}).map(([address, prefix]): [string, Device] => [
      addressDigits(address),
      { localName: undefined, level: prefix, topics: deviceTopics(prefix), nonces: none, packed: {} },
    ]),
  )

  return ({ address, localName }: Advertisement, model: string): Device | undefined => {
    if (chosen) return fixed.get(addressDigits(address))
    const key = address.toLowerCase()
    const known = devices.get(key)
    if (known && (localName === undefined || localName === known.localName)) return known
    if (known) levels.delete(known.level)
    const level = deviceLevel({ address, localName, model }, levels)
    const { nonces = none, packed = {} } = known ?? {}
    const device = { localName, level, topics: deviceTopics(`${destination}/${level}`), nonces, packed }
    levels.add(level)
    const forgotten = remember(devices, key, device, deviceLimit)
    if (forgotten) levels.delete(forgotten.level)
    return device
  }
}
