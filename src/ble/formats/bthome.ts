import { addressDigits, type Advertisement } from '../../radio/advertisement.js'
import type { BleEvent, Measurement } from '../measurement.js'
import {
  type BthomeObject,
  buttonActions,
  commandActions,
  dimmerActions,
  type NumberObject,
  objects,
} from './bthomeObjects.js'
import { decryptCcm, type Sealed } from './ccm.js'
import type { Format } from './format.js'
import { digits, uint32le } from './payload.js'

const brand = 'BTHome'

/**
 * What Shelly's BLU devices, b-parasite, thermometers with pvvx's firmware and sensors that people build themselves speak: objects
 * behind each other, each an id and its value, little-endian. Source: bthome.io, "Format" and "Encryption"; the first version,
 * which nobody should build any more, at bthome.io/v1.
 *
 * `40 02 ca09 03 bf13`: version 2, 25.06 °C, 50.55 %.
 */
export const bthome: Format = {
  brand,
  models: 'Shelly BLU, b-parasite, sensors that people build themselves',
  services: ['fcd2', '181c', '181e'],
  decode,
  keyAdvice:
    'read it with what set the device up (the app Shelly BLE Debug, the web page TelinkMiFlasher), or from your own firmware',
}

function decode(
  { address, localName, serviceData }: Advertisement,
  key?: Uint8Array,
): Measurement | undefined {
  let ignored: Measurement | undefined
  for (const { uuid, data } of serviceData) {
    const content = versions.get(uuid)?.(data, address)
    if (!content) continue
    const device = { brand, model: modelOf(localName) }
    const plain = content.sealed ? key && decryptCcm(key, content.sealed) : content.plain
    // Whoever encrypts does so always: what is plain is from somebody else, who wants to be taken for the device.
    if (key && !content.sealed) ignored ??= { ...device, ignored: true }
    else if (!plain) ignored ??= { ...device, ignored: true, encrypted: true }
    else {
      const said = content.read(plain)
      if (said)
        return {
          ...device,
          ...said,
          ...(said.packet !== undefined && { packetSize: 256 }),
          ...(content.isTriggered && { triggered: true }),
          ...(content.sealed && { counter: content.sealed.counter }),
        }
      ignored ??= { ...device, ignored: true }
    }
  }
  return ignored
}

/** What a record holds: objects, or what they were encrypted to. */
interface Content {
  readonly plain?: Uint8Array
  readonly sealed?: Sealed & { readonly counter: number }
  readonly read: (objects: Uint8Array) => Partial<Measurement> | undefined
  /** The device speaks when something happens only. */
  readonly isTriggered?: boolean
}

/** What a record holds, by the service that it is of; undefined where it is too short or of a version that is not known. */
const versions = new Map<string, (data: Uint8Array, address: string) => Content | undefined>([
  ['fcd2', version2],
  ['181c', (plain) => ({ plain, read: readVersion1 })],
  ['181e', (data, address) => sealed(data, macOf(address), [0x1e, 0x18], readVersion1, Buffer.of(0x11))],
])

/** The first byte: bit 0 encrypted, 1 an address follows, 2 the device speaks when something happens only, 5 to 7 the version. */
function version2(data: Uint8Array, address: string): Content | undefined {
  const [info = 0] = data
  if (info >> 5 !== 2) return undefined
  const hasAddress = (info & 2) !== 0
  const isTriggered = (info & 4) !== 0
  const objects = data.subarray(hasAddress ? 7 : 1)
  if ((info & 1) === 0) return { plain: objects, read: readVersion2, isTriggered }
  const mac = hasAddress ? data.slice(1, 7).reverse() : macOf(address)
  const content = sealed(objects, mac, [0xd2, 0xfc, info], readVersion2)
  return content && { ...content, isTriggered }
}

const macOf = (address: string): Uint8Array => Buffer.from(addressDigits(address), 'hex')

/** A counter (4 bytes) and a tag (4) are behind what is encrypted. */
function sealed(
  data: Uint8Array,
  mac: Uint8Array,
  header: readonly number[],
  read: Content['read'],
  aad?: Uint8Array,
): Content | undefined {
  const end = data.length - 8
  if (end < 1) return undefined
  const counter = data.subarray(end, end + 4)
  return {
    read,
    sealed: {
      nonce: Buffer.from([...mac, ...header, ...counter]),
      aad,
      cipher: data.subarray(0, end),
      tag: data.subarray(end + 4),
      counter: uint32le({ record: data, start: end }, 0),
    },
  }
}

/** Reads up to the first object that is not known or cut off: of what is behind it nobody knows where it begins. */
function readVersion2(bytes: Uint8Array): Partial<Measurement> | undefined {
  const said = newSaid()
  for (let at = 0; at < bytes.length;) {
    const object = objects.get(bytes[at] ?? 0)
    if (!object) break
    const length = bytes[at + 1] ?? 0
    const size = object.size ?? (object.type === 'command' ? 2 + (length & 0x1f) : 1 + length)
    const end = at + 1 + size
    if (end > bytes.length) break
    const isCounted = object.type === 'text' || object.type === 'raw'
    add(said, object, bytes.subarray(at + (isCounted ? 2 : 1), end))
    at = end
  }
  return result(said)
}

/** The first version says with each object how long it is (5 bits, the id included) and which kind of value it has (3 bits). */
function readVersion1(bytes: Uint8Array): Partial<Measurement> | undefined {
  const said = newSaid()
  for (let at = 0; at < bytes.length;) {
    const control = bytes[at] ?? 0
    const length = control & 0x1f
    const end = at + 1 + length
    if (length === 0 || end > bytes.length) break
    const object = objects.get(bytes[at + 1] ?? 0)
    const kind = kinds[control >> 5]
    if (object && kind) add(said, object, bytes.subarray(at + 2, end), kind)
    at = end
  }
  return result(said)
}

const kinds = ['unsigned', 'signed', 'float', 'text'] as const

type Kind = (typeof kinds)[number]

/** What has been read of a packet. */
interface Said {
  readonly values: Record<string, number | boolean | string | undefined>
  readonly events: BleEvent[]
  /** How many buttons there were so far: which one it is says its place. */
  buttons: number
  packet?: number
}

const newSaid = (): Said => ({ values: {}, events: [], buttons: 0 })

function result({ values, events, packet }: Said): Partial<Measurement> | undefined {
  if (events.length === 0 && Object.values(values).every((value) => value === undefined)) return undefined
  return {
    ...values,
    ...(events.length === 1 ? { event: events[0] } : events.length > 1 && { events }),
    ...(packet !== undefined && { packet }),
  } as Partial<Measurement>
}

function add(said: Said, object: BthomeObject, value: Uint8Array, kind?: Kind): void {
  const [first = 0, second = 0] = value
  switch (object.type) {
    case 'number':
      addValue(said, object.key, numberOf(object, value, kind ?? (object.signed ? 'signed' : 'unsigned')))
      break
    case 'state':
      addValue(said, object.key, value.length > 0 ? first !== 0 : undefined)
      break
    case 'text':
      addValue(said, object.key, textOf(value))
      break
    case 'raw':
      addValue(said, object.key, Buffer.from(value).toString('hex') || undefined)
      break
    case 'button': {
      const action = buttonActions.get(first)
      if (action) said.events.push({ type: 'button', button: said.buttons, action })
      said.buttons += 1
      break
    }
    case 'dimmer': {
      const action = dimmerActions.get(first)
      if (action && value.length > 1) said.events.push({ type: 'dimmer', action, steps: second })
      break
    }
    case 'command': {
      const action = commandActions.get(second)
      const steps = value.length > 2 ? integer(value.subarray(2)) : undefined
      if (action && value.length > 1)
        said.events.push({ type: 'command', action, ...(steps !== undefined && { steps }) })
      break
    }
    case 'packet':
      if (value.length > 0) said.packet ??= first
      break
    case 'device':
  }
}

/** The first of a name has it, the others are numbered, even if one before them cannot be read: whose they are says their place. */
function addValue({ values }: Said, key: string, value: number | boolean | string | undefined): void {
  let name = key
  for (let number = 2; name in values; number++) name = `${key}_${number}`
  values[name] = value
}

function numberOf({ times, perUnit }: NumberObject, value: Uint8Array, kind: Kind): number | undefined {
  if (kind === 'text') return undefined
  if (kind === 'float') {
    const number = float(value)
    return number === undefined ? undefined : digits((number * times) / perUnit, Math.log10(perUnit))
  }
  const count = integer(value, kind === 'signed')
  return count === undefined ? undefined : (count * times) / perUnit
}

/** Any number of bytes, little-endian; undefined for none, and for more than fit into a number. */
function integer(bytes: Uint8Array, isSigned = false): number | undefined {
  if (bytes.length === 0 || bytes.length > 6) return undefined
  const buffer = Buffer.from(bytes)
  return isSigned ? buffer.readIntLE(0, bytes.length) : buffer.readUIntLE(0, bytes.length)
}

/** IEEE 754 of 2, 4 or 8 bytes, little-endian. */
function float(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes)
  const number =
    bytes.length === 2
      ? half(buffer.readUInt16LE())
      : bytes.length === 4
        ? buffer.readFloatLE()
        : bytes.length === 8
          ? buffer.readDoubleLE()
          : NaN
  return Number.isFinite(number) ? number : undefined
}

function half(bits: number): number {
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  const size =
    exponent === 0 ? fraction * 2 ** -24 : exponent === 0x1f ? NaN : (0x400 + fraction) * 2 ** (exponent - 25)
  return bits & 0x8000 ? -size : size
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes) || undefined
  } catch {
    return undefined
  }
}

/** Shelly's devices have their model for a name, and those with four buttons `SBBT-EU` or `SBBT-US` and digits of their address. */
function modelOf(name = ''): string {
  const [shelly] = /^SB[A-Z]{2}-\d{3}[A-Z]{1,4}/.exec(name) ?? []
  const [, region] = /^SBBT-(EU|US)[\dA-F]{4}$/.exec(name) ?? []
  if (region) return `SBBT-004C${region}`
  return shelly ?? (name.startsWith('prst') ? 'b-parasite' : brand)
}
