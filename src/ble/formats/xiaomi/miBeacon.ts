import { createDecipheriv } from 'node:crypto'
import { addressDigits } from '../../../radio/advertisement.js'
import type { Measurement } from '../../measurement.js'
import { decryptCcm } from '../ccm.js'
import { uint16le, uint24le } from '../payload.js'
import { readObjects } from './objects.js'
import { products } from './products.js'

/** The service of its data. */
export const miBeaconService = 'fe95'

export const keyAdvice =
  'read its BLE key from your Xiaomi account with Xiaomi-cloud-tokens-extractor (or with TelinkMiFlasher while you activate it)'

/** The bits of its first two bytes. */
const control = { encrypted: 1 << 3, address: 1 << 4, capability: 1 << 5, object: 1 << 6, mesh: 1 << 7 }

/** A bit of the capability: one more byte follows it. */
const inputAndOutput = 0x20

/**
 * What service data of MiBeacon 2 to 5 say. Most packets have one object, so a thermometer says its temperature in one and its
 * humidity in another. `5020 aa01 8d dfaa33342d58 0610 02 6602`: control, product LYWSDCGQ, packet number, address (reversed),
 * and an object: 61.4 %.
 */
export function decodeMiBeacon(
  data: Uint8Array,
  address: string,
  key: Uint8Array | undefined,
): Measurement | undefined {
  if (data.length < 5) return undefined
  const payload = { record: data, start: 0 }
  const flags = uint16le(payload, 0)
  const product = uint16le(payload, 2)
  const version = flags >> 12
  const model = products.get(product) ?? `MiBeacon ${product.toString(16).toUpperCase().padStart(4, '0')}`
  const device = { brand: 'Xiaomi', model }
  if (version < 2 || flags & control.mesh || !(flags & control.object)) return { ...device, ignored: true }

  const capability = flags & control.address ? 11 : 5
  const head =
    capability + (flags & control.capability ? ((data[capability] ?? 0) & inputAndOutput ? 2 : 1) : 0)
  if (!(flags & control.encrypted))
    return { ...device, ...reading(readObjects(data.subarray(head), product).said), packet: data[4] }

  // Its own address where the packet has it: some hosts tell another one.
  const reversed = flags & control.address ? data.subarray(5, 11) : reversedAddress(address)
  const frame = { data, head, reversed }
  const isOld = version < 4
  const plain = key && (isOld ? openOld(frame, key) : open(frame, key))
  const objects = plain && readObjects(plain, product)
  if (!objects || (isOld && !objects.isWhole)) return { ...device, ignored: true, encrypted: true }
  return { ...device, ...reading(objects.said), ...numbers(frame, isOld) }
}

const reading = (said: Partial<Measurement>): Partial<Measurement> =>
  Object.keys(said).length > 0 ? said : { ignored: true }

const reversedAddress = (address: string) => Buffer.from(addressDigits(address), 'hex').reverse()

interface Frame {
  readonly data: Uint8Array
  /** Where the cipher begins. */
  readonly head: number
  /** The address of the device, as it is on the air. */
  readonly reversed: Uint8Array
}

/** Versions 4 and 5: 3 bytes of the counter and a tag of 4 stand at the end. */
function open({ data, head, reversed }: Frame, key: Uint8Array): Uint8Array | undefined {
  const nonce = Buffer.concat([reversed, data.subarray(2, 5), data.subarray(-7, -4)])
  const [cipher, tag] = [data.subarray(head, -7), data.subarray(-4)]
  return decryptCcm(key, { nonce, aad: Buffer.of(0x11), cipher, tag })
}

/** Of a key of 12 bytes: what stands in its middle. */
const filling = Buffer.from('8d3d3c97', 'hex')

/**
 * Versions 2 and 3: behind the counter is one byte, which is no tag that could be checked. So this is what CCM does without one,
 * CTR from block 1 on.
 */
function openOld({ data, head, reversed }: Frame, key: Uint8Array): Uint8Array | undefined {
  const whole = key.length === 12 ? Buffer.concat([key.subarray(0, 6), filling, key.subarray(6)]) : key
  const cipher = data.subarray(head, -4)
  if (whole.length !== 16 || reversed.length !== 6 || data.length < head + 4) return undefined
  const nonce = [data.subarray(0, 5), data.subarray(-4, -1), reversed.subarray(0, 5)]
  const block = Buffer.concat([Buffer.of(1), ...nonce, Buffer.of(0, 1)])
  return createDecipheriv('aes-128-ctr', whole, block).update(cipher)
}

/**
 * Under which number an encrypted packet is sent: one byte of the counter stands in front, three at the end. Old devices leave
 * those three at zero, so that it starts over after 255; since nothing vouches for it there, it is a number of repeats only.
 */
function numbers({ data }: Frame, isOld: boolean): Partial<Measurement> {
  const high = uint24le({ record: data, start: data.length - (isOld ? 4 : 7) }, 0)
  const low = data[4] ?? 0
  return isOld && high === 0 ? { packet: low } : { counter: high * 0x100 + low }
}
