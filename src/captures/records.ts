import type { Logger } from '../model.js'
import { type Advertisement, parseAdvertisement } from '../radio/advertisement.js'
import { advertisingReports } from '../radio/advertisingReports.js'

/**
 * Takes the advertisements out of a binary capture, chunk by chunk; it keeps no more than the record it is in the middle
 * of. Nothing in the chunks makes it throw: where the file is damaged, the next record is searched for; where it was cut
 * off, all before that has been read. Each is logged once.
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
    /** The advertisements in the records that a chunk completes. */
    advertisements: (chunk: Buffer): Advertisement[] => {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      if (!reader && rest.length >= format.fileHeader) reader = format.open(take(format.fileHeader), log)
      const advertisements: Advertisement[] = []
      if (!reader) return advertisements
      // One by one, since a record may say how those behind it are to be read.
      for (const record of records(reader)) {
        const packet = reader.packet(record)
        if (packet) advertisements.push(...advertisementsIn(packet))
      }
      return advertisements
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

/** The advertisements in a packet; most hold none. */
const advertisementsIn = ({ packet, at }: CapturedPacket): Advertisement[] =>
  advertisingReports(packet).map((report) => ({
    ...report,
    ...(at !== undefined && at >= 0 && { at }),
    ...parseAdvertisement(report.data),
  }))

/** A kind of binary capture file. */
export interface CaptureFormat {
  /** What its files begin with: four bytes in hex, one for each variant. */
  readonly magics: readonly string[]
  /** Bytes before the first record. */
  readonly fileHeader: number
  /** Makes a reader of the records of one file. */
  readonly open: (fileHeader: Buffer, log: Logger) => RecordReader
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

/** What a record of a binary capture held: an HCI packet with its H4 indicator in front (`04 3e …`). */
interface CapturedPacket {
  readonly packet: Uint8Array
  /** Milliseconds since the epoch, where the capture says so. */
  readonly at?: number | undefined
}

/**
 * Looks up one of the link types that a format knows; that one is none of Bluetooth HCI is logged once, and its packets
 * are nothing to us.
 */
export function linkTypeFinder(
  known: ReadonlyMap<number, LinkType>,
  log: Logger,
): (number: number) => LinkType | undefined {
  let said = false
  return (number) => {
    const linkType = known.get(number)
    if (!linkType && !said) {
      said = true
      const expected = `expected Bluetooth (${[...known.keys()].join(', ')})`
      log.warn(`Packets in the capture are skipped: ${expected}, got link type ${number}.`)
    }
    return linkType
  }
}

/** Where a kind of record keeps its HCI packet; `flags` are those of btsnoop. Undefined for what is no event, if it tells. */
export type LinkType = (data: Buffer, flags: number) => Uint8Array | undefined

/** Packets with their H4 indicator. */
export const h4: LinkType = (data) => data

/** The event in a packet that was recorded without its H4 indicator. */
export const event = (packet: Uint8Array): Uint8Array => Buffer.concat([eventIndicator, packet])

const eventIndicator = Buffer.of(0x04)
