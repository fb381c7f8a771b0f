import type { Advertisement } from './advertisement.js'
import { normalUuid } from './normalUuid.js'
import { reversedHex } from './reversedHex.js'

const utf8 = new TextDecoder()

/** Bytes per UUID in the AD types that list service UUIDs, and in those that carry service data. */
const uuidLists = new Map([
  [0x02, 2],
  [0x03, 2],
  [0x04, 4],
  [0x05, 4],
  [0x06, 16],
  [0x07, 16],
])
const serviceDataTypes = new Map([
  [0x16, 2],
  [0x20, 4],
  [0x21, 16],
])

/**
 * Takes the AD structures of one packet apart (Core Specification, Vol 3, Part C, 11; types: Assigned Numbers 2.3).
 * Never throws: a structure cut off by the end of the packet is left out, for half a reading must not pass for a whole.
 *
 * @example
 * parseAdvertisement(Buffer.from('030388ec09ff88ec0003519e6400', 'hex')).serviceUuids
 * // → ['ec88']
 */
export function parseAdvertisement(
  data: Uint8Array,
): Pick<Advertisement, 'localName' | 'serviceUuids' | 'manufacturerData' | 'serviceData'> {
  const serviceUuids: string[] = []
  const manufacturerData: Uint8Array[] = []
  const serviceData: { uuid: string; data: Uint8Array }[] = []
  let completeName = ''
  let shortenedName = ''

  let start = 0
  for (let end = 0; start < data.length; start = end) {
    const length = data[start] ?? 0
    end = start + 1 + length
    if (length === 0 || end > data.length) break
    const type = data[start + 1] ?? 0
    const value = data.subarray(start + 2, end)

    if (type === 0xff) manufacturerData.push(value)
    else if (type === 0x09) completeName ||= text(value)
    else if (type === 0x08) shortenedName ||= text(value)

    const listed = uuidLists.get(type)
    if (listed !== undefined) {
      for (let at = 0; at + listed <= value.length; at += listed) {
        serviceUuids.push(uuidOnAir(value, at, listed))
      }
    }
    const keyed = serviceDataTypes.get(type)
    if (keyed !== undefined && value.length >= keyed) {
      serviceData.push({ uuid: uuidOnAir(value, 0, keyed), data: value.subarray(keyed) })
    }
  }

  const localName = completeName || shortenedName
  const others = { serviceUuids, manufacturerData, serviceData }
  return localName ? { localName, ...others } : others
}

/** UUIDs travel little-endian; those of 16 bits are normal as they are. */
function uuidOnAir(bytes: Uint8Array, start: number, length: number): string {
  const digits = reversedHex(bytes, start, length)
  return length === 2 ? digits : normalUuid(digits)
}

/** Names are short and mostly ASCII, for which a decoder takes ten times as long. */
function text(bytes: Uint8Array): string {
  let ascii = ''
  for (const byte of bytes) {
    if (byte > 0x7f) return utf8.decode(bytes)
    ascii += String.fromCharCode(byte)
  }
  return ascii
}
