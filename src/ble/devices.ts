import {
  describe,
  type DescribedDevice,
  type Quantity as DescribedQuantity,
  type Said as Described,
} from '../description.js'
import { remember } from '../memory.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import { govee } from './formats/govee/govee.js'
import { happenings, type Quantity, quantityOf } from './quantities.js'

/** What is known of a device for as long as it is remembered. */
export interface Device extends Part {
  readonly localName: string | undefined
  /** Its level below the destination. */
  readonly level: string
  /** Nobody chose it. */
  readonly stranger: boolean
  /** Who it is; absent before its first reading. */
  described?: DescribedDevice
  /** What may happen to it, by topic. */
  events?: Record<string, Described>
  /** Its probes, or its remote, by their names. */
  parts?: Record<string, Part>
  /** What its latest packets were, where that shows which are repeated. */
  said?: Said | undefined
  /** The latest sample of each of its places. */
  readonly samples: Record<string, Sample>
  /** Destinations of which its packets have said that there is no value; absent before its first packet. */
  absent?: Set<string>
  /** The log has that it is heard. */
  logged: boolean
}

/** What shows whether a packet of a device is repeated. */
export interface Said {
  /** The numbers of its latest packets and when each was heard last, the newest first. */
  packets: readonly { readonly number: number; readonly heard: number }[]
  /** The counter of its latest encrypted packet that was not sent before, and when that was heard. */
  counter?: { readonly value: number; readonly heard: number }
  /** When it said last what resolves more, where it also says what resolves less. */
  fine?: number
}

/** The latest sample of a place that passed, and whether another one has been held back since. */
interface Sample {
  value: number
  held: boolean
}

/** What has topics of its own: a device, its probe, its remote. */
export interface Part {
  /** What its topics have in common; no other part shares it. */
  readonly prefix: string
  /** Its name below its device: `probe1`. */
  readonly name?: string
  /** What its measurements have held, in the order in which that came first. */
  entries: readonly Entry[]
  /** What each of these is, and where it is reported; nothing, where it is no quantity. */
  about: readonly (Described | undefined)[]
}

/** What stands under a key of measurements. */
interface Entry {
  readonly key: string
  /** Absent for what is none, and for the same in another unit, which comes behind its quantity. */
  readonly quantity?: Quantity | undefined
  /** What its topic ends with, `/temp_c`, and what is said there; absent for what is no quantity. */
  readonly said?: { readonly path: string; readonly quantity: DescribedQuantity } | undefined
}

const deviceLimit = 10_000

/**
 * Makes a look-up from a packet to its device, whose topics are below a level of its own under `destination`. A device
 * keeps its level until it says another name. With `chosen` (address to destination) there are only those.
 *
 * Bounded: when more than 10 000 are known, the one known for longest gives its level back, and is given one anew
 * should it be heard again.
 */
export function devicesBelow(destination: string, chosen?: Readonly<Record<string, string>>) {
  const devices = new Map<string, Device>()
  const levels = new Set<string>()
  const fixed = new Map(
    Object.entries(chosen ?? {}).map(([address, prefix]) => [
      addressDigits(address),
      deviceAt(prefix, prefix, false),
    ]),
  )

  return ({ address, localName }: Advertisement, model: string): Device | undefined => {
    if (chosen) return fixed.get(addressDigits(address))
    // To look for it as it is written is quicker than to write it in another way.
    const known = devices.get(address) ?? devices.get(address.toLowerCase())
    if (known && (localName === undefined || localName === known.localName)) return known
    if (known) levels.delete(known.level)
    const level = deviceLevel({ address, localName, model }, levels)
    const device = deviceAt(`${destination}/${level}`, level, true, localName, known)
    levels.add(level)
    const forgotten = remember(devices, address.toLowerCase(), device, deviceLimit)
    if (forgotten) levels.delete(forgotten.level)
    return device
  }
}

/** A device whose topics begin with `prefix`, of which nothing is known yet. */
export const deviceAt = (
  prefix: string,
  level: string,
  stranger: boolean,
  localName?: string,
  known?: Device,
): Device => ({
  prefix,
  entries: [],
  about: [],
  localName,
  level,
  stranger,
  said: known?.said,
  samples: known?.samples ?? {},
  // One that had no name has moved: its topics are others now.
  logged: known?.localName !== undefined && known.logged,
})

/** Who a device is, by its first reading. */
export const describedDevice = (
  device: Device,
  { brand = govee.brand, model }: { readonly brand?: string | undefined; readonly model: string },
  address: string,
): DescribedDevice =>
  (device.described ??= Object.freeze({
    topic: device.prefix,
    identity: addressDigits(address),
    name: device.level,
    address: address.toUpperCase(),
    brand,
    model,
    ...(device.stranger && { stranger: true as const }),
  }))

/** The probe or remote of a device that has this name: `probe1`. */
export const partOf = (device: Device, name: string): Part =>
  ((device.parts ??= {})[name] ??= {
    prefix: `${device.prefix}/${name}`,
    name,
    entries: [],
    about: [],
  })

/** What happens to a device on one of its topics. */
export const eventOf = (device: Device, topic: string, described: DescribedDevice): Described =>
  ((device.events ??= {})[topic] ??= describe(
    described,
    `${device.prefix}/${topic}`,
    topic,
    happenings(topic),
  ))

/**
 * The place of a key among the entries of a part. There it is found at once where it is `expected`: nearly all packets of a
 * device have the same keys in the same order, and a look-up for each of them would take longer than all the rest.
 */
export function placeOf(
  part: Part,
  key: string,
  expected: number,
  device: DescribedDevice,
  resolved?: number,
): number {
  if (part.entries[expected]?.key === key) return expected
  const known = part.entries.findIndex((entry) => entry.key === key)
  return known < 0 ? newPlace(part, key, device, resolved) : known
}

function newPlace(part: Part, key: string, device: DescribedDevice, resolved: number | undefined): number {
  const { entries, about, prefix, name } = part
  const quantity = quantityOf(key)
  const also = quantity?.also
  part.entries = shared([
    ...entries,
    { key, quantity, said: quantity && { path: `/${quantity.topic}`, quantity } },
    ...(also ? [{ key: also.key, said: { path: `/${also.topic}`, quantity: also } }] : []),
  ])
  const decimals = quantity?.decimals === 'resolved' ? resolved : quantity?.decimals
  const more = { ...(name !== undefined && { part: name }), ...(decimals !== undefined && { decimals }) }
  // A list of its final length: thousands of devices shall stay small.
  part.about = part.entries.map(
    ({ key, said }, place) =>
      about[place] ?? (said && describe(device, prefix + said.path, key, said.quantity, more)),
  )
  return entries.length
}

const lists = new Map<string, readonly Entry[]>()

const listLimit = 1000

/** One list for all parts that say the same: ten thousand devices shall stay small. */
function shared(entries: readonly Entry[]): readonly Entry[] {
  const keys = entries.map(({ key }) => key).join()
  const list = lists.get(keys) ?? entries
  remember(lists, keys, list, listLimit)
  return list
}

const maxBytes = 64

/**
 * The topic level a device is reported under: its local name (`GVH5075_2233`) or, when nameless, its model and the
 * last four digits of its address (`H5075_2233`). When that is taken, digits of its address are appended.
 */
export function deviceLevel(
  device: { readonly address: string; readonly localName?: string | undefined; readonly model: string },
  taken: ReadonlySet<string>,
): string {
  const digits = addressDigits(device.address).toUpperCase()
  const name = topicLevel(device.localName ?? '') || `${device.model}_${digits.slice(-4)}`
  for (const suffix of suffixes(digits)) {
    const level = topicLevel(name, maxBytes - suffix.length) + suffix
    if (!taken.has(level)) return level
  }
  throw new Error(`every level for ${name} is taken`)
}

/** The numbers are for somebody who takes even the longest level on purpose. */
function* suffixes(digits: string): Generator<string> {
  yield ''
  yield `_${digits.slice(-4)}`
  yield `_${digits}`
  for (let number = 2; ; number++) yield `_${digits}_${number}`
}

const encoder = new TextEncoder()

/**
 * Makes one level of an MQTT topic of a name that came off the air: unsafe characters become `_`, white space around
 * it goes, and what exceeds `length` bytes of UTF-8 is cut between characters. Empty for a name that is only space.
 *
 * @example topicLevel('../attic\n') // '.._attic'
 */
export function topicLevel(name: string, length = maxBytes): string {
  // Brokers disconnect whoever publishes the odder ones; the rest would break out of the level, or out of a terminal.
  const unsafe = /[/+#$\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu
  const safe = name.trim().replace(unsafe, '_')
  const { read } = encoder.encodeInto(safe, new Uint8Array(length))
  return safe.slice(0, read).trimEnd()
}
