/** One packet from the air (an advertisement or a scan response), its AD structures taken apart. */
export interface Advertisement {
  /** Device address as the radio wrote it: `a4:c1:38:11:22:33`; macOS gives a UUID of its own instead. */
  readonly address: string
  /** Whether the address is registered with the IEEE; random ones may change. */
  readonly addressType?: 'public' | 'random'
  /** dBm; absent when the radio did not measure it. */
  readonly rssi?: number
  /** When it was heard, milliseconds since the epoch. */
  readonly at?: number
  /** Which kind of packet it was. */
  readonly event?: AdvertisingEvent
  /** Complete local name, or the shortened one when the packet has no other. */
  readonly localName?: string
  /** Lower case, without dashes; 4 digits for 16-bit UUIDs: `ec88`. */
  readonly serviceUuids: readonly string[]
  /** Every 0xFF record in the order of the packet, company id (2 bytes, little-endian) included. */
  readonly manufacturerData: readonly Uint8Array[]
  /** Every record of service data, in the order of the packet. */
  readonly serviceData: readonly {
    /** Of the service, spelt as in `serviceUuids`. */
    readonly uuid: string
    /** What follows the UUID. */
    readonly data: Uint8Array
  }[]
  /** The AD structures as on the air, where the source still has them. */
  readonly data?: Uint8Array
}

/** PDU type of the packet, named as in the Core Specification (Vol 6, Part B, 2.3). */
export type AdvertisingEvent = 'adv_ind' | 'adv_direct_ind' | 'adv_scan_ind' | 'adv_nonconn_ind' | 'scan_rsp'

/** In the order of their numbers in a legacy advertising report. */
export const advertisingEvents = [
  'adv_ind',
  'adv_direct_ind',
  'adv_scan_ind',
  'adv_nonconn_ind',
  'scan_rsp',
] as const satisfies readonly AdvertisingEvent[]

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

/** What the AD structures of a packet hold. */
export type Content = ReturnType<typeof parseAdvertisement>

/** The AD structures that hold this: the opposite of `parseAdvertisement`. What is too long for a structure is left out. */
export function adStructures({
  localName,
  serviceUuids,
  manufacturerData,
  serviceData,
}: Content): Uint8Array {
  const structure = (type: number | undefined, ...values: Uint8Array[]) => {
    const length = values.reduce((sum, value) => sum + value.length, 1)
    return type === undefined || length > 255 ? [] : [Buffer.of(length, type), ...values]
  }
  return Buffer.concat([
    ...(localName === undefined ? [] : structure(0x09, Buffer.from(localName))),
    ...serviceUuids.map(bytesOnAir).flatMap((uuid) => structure(typeFor(uuid, uuidLists), uuid)),
    ...manufacturerData.flatMap((record) => structure(0xff, record)),
    ...serviceData.flatMap(({ uuid, data }) => {
      const key = bytesOnAir(uuid)
      return structure(typeFor(key, serviceDataTypes), key, data)
    }),
  ])
}

const bytesOnAir = (uuid: string) => Buffer.from(uuid, 'hex').reverse()

const typeFor = ({ length }: Uint8Array, types: ReadonlyMap<number, number>) =>
  [...types].findLast(([, bytes]) => bytes === length)?.[0]

/** Bytes per UUID in the AD types that list service UUIDs; of two types with the same the last lists all of them. */
const uuidLists = new Map([
  [0x02, 2],
  [0x03, 2],
  [0x04, 4],
  [0x05, 4],
  [0x06, 16],
  [0x07, 16],
])

/** Bytes of the UUID in the AD types that carry service data. */
const serviceDataTypes = new Map([
  [0x16, 2],
  [0x20, 4],
  [0x21, 16],
])

/** UUIDs travel little-endian; those of 16 bits are normal as they are. */
function uuidOnAir(bytes: Uint8Array, start: number, length: number): string {
  const digits = reversedHex(bytes, start, length)
  return length === 2 ? digits : normalUuid(digits)
}

/**
 * A Bluetooth UUID as `Advertisement` spells it: lower case, no dashes, without the Bluetooth base
 * (`0000EC88-0000-1000-8000-00805F9B34FB` is `ec88`). Anything else comes back in lower case.
 */
export const normalUuid = (uuid: string): string =>
  uuid
    .toLowerCase()
    .replaceAll('-', '')
    .replace(/^([0-9a-f]{8})00001000800000805f9b34fb$/, '$1')
    .replace(/^0000([0-9a-f]{4})$/, '$1')

/** The hex digits of a number that travels little-endian: of the `length` bytes from `start` the last one comes first. */
export function reversedHex(bytes: Uint8Array, start: number, length: number, separator = ''): string {
  let text = hex[bytes[start + length - 1] ?? 0] ?? ''
  for (let at = start + length - 2; at >= start; at -= 1) text += separator + (hex[bytes[at] ?? 0] ?? '')
  return text
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const utf8 = new TextDecoder()

/** Names are short and mostly ASCII, for which a decoder takes ten times as long. */
function text(bytes: Uint8Array): string {
  let ascii = ''
  for (const byte of bytes) {
    if (byte > 0x7f) return utf8.decode(bytes)
    ascii += String.fromCharCode(byte)
  }
  return ascii
}

/** The hex digits of a device address, lower case, at most the last 32: `A4:C1:38:11:22:33` becomes `a4c138112233`. */
export function addressDigits(address: string): string {
  return address
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '')
    .slice(-32)
}
