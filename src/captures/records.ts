import type { Logger } from '../model.js'
import {
  addressDigits,
  type Advertisement,
  type AdvertisingEvent,
  parseAdvertisement,
} from '../radio/advertisement.js'
import { advertisingReports } from '../radio/advertisingReports.js'

/** AD types by the bytes a UUID has: lists of services, and service data. */
const listTypes = new Map([
  [2, 0x03],
  [4, 0x05],
  [16, 0x07],
])

const dataTypes = new Map([
  [2, 0x16],
  [4, 0x20],
  [16, 0x21],
])

/**
 * The AD structures that say what an advertisement says, for one whose own bytes are not known: the opposite of
 * `parseAdvertisement`. What is too long for a structure is left out.
 */
export function adStructures({
  localName,
  serviceUuids,
  manufacturerData,
  serviceData,
}: Pick<Advertisement, 'localName' | 'serviceUuids' | 'manufacturerData' | 'serviceData'>): Uint8Array {
  const structure = (type: number | undefined, ...values: Uint8Array[]) => {
    const length = values.reduce((sum, value) => sum + value.length, 1)
    return type === undefined || length > 255 ? [] : [Buffer.of(length, type), ...values]
  }
  return Buffer.concat([
    ...(localName === undefined ? [] : structure(0x09, Buffer.from(localName))),
    ...serviceUuids.map(onAir).flatMap((uuid) => structure(listTypes.get(uuid.length), uuid)),
    ...manufacturerData.flatMap((record) => structure(0xff, record)),
    ...serviceData.flatMap(({ uuid, data }) => {
      const key = onAir(uuid)
      return structure(dataTypes.get(key.length), key, data)
    }),
  ])
}

/** UUIDs travel little-endian. */
const onAir = (uuid: string) => Buffer.from(uuid, 'hex').reverse()

/** The advertisements in a packet of a capture; most packets hold none. */
export const advertisementsIn = ({ packet, at }: CapturedPacket): Advertisement[] =>
  advertisingReports(packet).map((report) => ({
    ...report,
    ...(at !== undefined && at >= 0 && { at }),
    ...parseAdvertisement(report.data),
  }))

/** What a record of a binary capture held: an HCI packet with its H4 indicator in front (`04 3e …`). */
interface CapturedPacket {
  readonly packet: Uint8Array
  /** Milliseconds since the epoch, where the capture says so. */
  readonly at?: number | undefined
}

/** Reads the records of one file, one after the other; it may remember what a record says about those behind it. */
interface RecordReader {
  /** Bytes at the beginning of a record that tell its length. */
  readonly header: number
  /**
   * Length (bytes, header included) of the record that begins here; undefined where none can begin. When `searching`
   * for the next record behind damage it is strict, since most places are not the beginning of one.
   */
  readonly length: (header: Buffer, searching: boolean) => number | undefined
  /** The packet in a whole record; undefined where there is something else in it. */
  readonly packet: (record: Buffer) => CapturedPacket | undefined
}

/** What a legacy report has room for on the air, and what one event has room for beside an extended report's fields. */
const legacyLength = 31

const longest = 229

/** PDU types in a legacy report, and as bits in an extended one. */
const types: Readonly<Record<AdvertisingEvent, readonly [legacy: number, extended: number]>> = {
  adv_ind: [0, 0b0011],
  adv_direct_ind: [1, 0b0101],
  adv_scan_ind: [2, 0b0010],
  adv_nonconn_ind: [3, 0b0000],
  scan_rsp: [4, 0b1011],
}

/**
 * The HCI event (H4) in which a controller would report an advertisement: the opposite of `advertisingReports`. What the
 * advertisement does not say is a public address, `adv_ind`, RSSI not measured. Undefined when it has no address of
 * six bytes, as on macOS.
 */
export function advertisingEvent(advertisement: Advertisement): Uint8Array | undefined {
  const address = Buffer.from(addressDigits(advertisement.address), 'hex').reverse()
  if (address.length !== 6) return undefined
  const { addressType, event = 'adv_ind', rssi = 127 } = advertisement
  const data = (advertisement.data ?? adStructures(advertisement)).subarray(0, longest)
  const random = addressType === 'random' ? 1 : 0
  const level = rssi & 0xff
  const [legacy, extended] = types[event]
  const report =
    data.length <= legacyLength
      ? [0x02, 1, legacy, random, ...address, data.length, ...data, level]
      : // Primary channel 1M, no secondary one, no set, power unknown, not periodic, not directed.
        [
          0x0d,
          1,
          extended,
          0,
          random,
          ...address,
          1,
          0,
          0xff,
          127,
          level,
          0,
          0,
          0,
          ...directTo,
          data.length,
          ...data,
        ]
  return Buffer.of(0x04, 0x3e, report.length, ...report)
}

const directTo = Array<number>(6).fill(0)

/** A kind of binary capture file. */
export interface CaptureFormat {
  /** What its files begin with: four bytes in hex, one for each variant. */
  readonly magics: readonly string[]
  /** Bytes before the first record. */
  readonly fileHeader: number
  /** Makes a reader of the records of one file. */
  readonly open: (fileHeader: Buffer, log: Logger) => RecordReader
}

/**
 * Cuts a binary capture into packets, chunk by chunk; it keeps no more than the record it is in the middle of. Nothing
 * in the chunks makes it throw: where the file is damaged, the next record is searched for; where it was cut off, all
 * before that has been read. Each is logged once.
 */
export function recordCutter(format: CaptureFormat, log: Logger) {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  let reader: RecordReader | undefined
  let searching = false
  let damaged = false

  const take = (length: number) => {
    const taken = rest.subarray(0, length)
    rest = rest.subarray(length)
    offset += length
    return taken
  }

  function* records(from: RecordReader): Generator<Buffer> {
    while (rest.length >= from.header) {
      const length = from.length(rest.subarray(0, from.header), searching)
      if (length !== undefined && length > rest.length) return
      searching = length === undefined
      if (length !== undefined) {
        yield take(length)
        continue
      }
      if (!damaged) log.warn(`The capture is damaged at byte ${offset}: what is no record there is skipped.`)
      damaged = true
      take(1)
    }
  }

  return {
    /** The packets that a chunk completes. */
    packets: (chunk: Buffer): CapturedPacket[] => {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      if (!reader && rest.length >= format.fileHeader) reader = format.open(take(format.fileHeader), log)
      const packets: CapturedPacket[] = []
      if (!reader) return packets
      // One by one, since a record may say how those behind it are to be read.
      for (const record of records(reader)) {
        const packet = reader.packet(record)
        if (packet) packets.push(packet)
      }
      return packets
    },
    /** To be called when there are no more chunks. */
    end: () => {
      if ((rest.length > 0 || !reader) && !searching)
        log.warn(
          `The capture ends in the middle of a record, at byte ${offset}: all before that has been read.`,
        )
    },
  }
}
