import { remember } from '../memory.js'
import { field } from '../plugin/fields.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import type { PackedValue } from './formats/govee/packed.js'

/** What is known of a device for as long as it is remembered. */
export interface Device {
  readonly localName: string | undefined
  /** Its level below the destination. */
  readonly level: string
  readonly topics: DeviceTopics
  /** Nonces of its latest events, the newest first. */
  nonces: readonly number[]
  /** The latest packed value of each of its places: `room`, `remote`, `probe1`, `probe2`. */
  readonly packed: Record<string, PackedValue>
}

/** The topics of one device, below the root topic. */
interface DeviceTopics extends PartTopics {
  /** What its topics have in common; no other device shares it. */
  readonly prefix: string
  readonly rssi: string
  /** Those that few devices have, such as `co2`: built when they are first needed. */
  others?: Record<string, string>
  /** Those of `probe1` … or `remote`, likewise. */
  parts?: Record<string, PartTopics>
}

/** Builds the topics below `prefix`. Without a spread, since ten thousand of them shall stay small. */
const deviceTopics = (prefix: string): DeviceTopics => ({
  prefix,
  temp_c: `${prefix}/temp_c`,
  temp_f: `${prefix}/temp_f`,
  humi: `${prefix}/humi`,
  battery: `${prefix}/battery`,
  rssi: `${prefix}/rssi`,
})

/** The topics that each part of a device has: the device itself, a probe, a remote. */
export interface PartTopics {
  readonly temp_c: string
  readonly temp_f: string
  readonly humi: string
  readonly battery: string
}

/** Builds the topics below `prefix`. */
export const partTopics = (prefix: string): PartTopics => ({
  temp_c: `${prefix}/temp_c`,
  temp_f: `${prefix}/temp_f`,
  humi: `${prefix}/humi`,
  battery: `${prefix}/battery`,
})

const address = /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i

const uuid = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** The address of a Bluetooth device, or the UUID that macOS shows in its place; becomes lower case. */
export const deviceAddress = field('a Bluetooth address such as A4:C1:38:11:22:33', (text) =>
  address.test(text) || uuid.test(text) ? text.toLowerCase() : undefined,
)

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
 * it goes, and what exceeds `maxBytes` of UTF-8 is cut between characters. Empty for a name that is only space.
 *
 * @example topicLevel('../attic\n') // '.._attic'
 */
export function topicLevel(name: string, maxBytes = 64): string {
  // Brokers disconnect whoever publishes the odder ones; the rest would break out of the level, or out of a terminal.
  const unsafe = /[/+#$\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu
  const safe = name.trim().replace(unsafe, '_')
  const { read } = encoder.encodeInto(safe, new Uint8Array(maxBytes))
  return safe.slice(0, read).trimEnd()
}

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
