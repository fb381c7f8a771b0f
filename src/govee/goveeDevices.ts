import type { Advertisement } from '../bluetooth/advertisement.js'
import { remember } from '../bounded.js'
import { addressDigits } from './addressDigits.js'
import { deviceLevel } from './deviceLevel.js'
import { type DeviceTopics, deviceTopics } from './deviceTopics.js'

const deviceLimit = 10_000

interface Device {
  readonly localName: string | undefined
  readonly level: string
  readonly topics: DeviceTopics
}

/**
 * Makes a look-up from a packet to the topics of its device, each below a level of its own under `destination`. A
 * device keeps its level until it says another name. With `chosen` (address to destination) only those have topics.
 *
 * Bounded: when more than 10 000 are known, the one known for longest gives its level back, and is given one anew
 * should it be heard again.
 */
export function goveeDevices(destination: string, chosen?: Readonly<Record<string, string>>) {
  const devices = new Map<string, Device>()
  const levels = new Set<string>()
  const fixed = new Map(
    Object.entries(chosen ?? {}).map(([address, prefix]) => [addressDigits(address), deviceTopics(prefix)]),
  )

  return ({ address, localName }: Advertisement, model: string): DeviceTopics | undefined => {
    if (chosen) return fixed.get(addressDigits(address))
    const key = address.toLowerCase()
    const known = devices.get(key)
    if (known && (localName === undefined || localName === known.localName)) return known.topics
    if (known) levels.delete(known.level)
    const level = deviceLevel({ address, localName, model }, levels)
    const device = { localName, level, topics: deviceTopics(`${destination}/${level}`) }
    levels.add(level)
    const forgotten = remember(devices, key, device, deviceLimit)
    if (forgotten) levels.delete(forgotten.level)
    return device.topics
  }
}
