import { advertisingEvent } from '../radio/advertisingReports.js'
import { type CaptureFormat, event, h4, type LinkType, linkTypeFinder } from './records.js'
import type { CaptureWriter } from './writeCapture.js'

/** btsnoop version 1, as `btmon -w`, Android's HCI snoop log and many others write it (RFC 1761 with other link types). */
export const btsnoop: CaptureFormat = {
  magics: ['6274736e'],
  fileHeader: 16,
  open: (file, log) => {
    const packetOf = linkTypeFinder(linkTypes, log)(file.readUInt32BE(12))
    return {
      header: 24,
      length: (header, searching) => {
        const original = header.readUInt32BE(0)
        const included = header.readUInt32BE(4)
        const century = header.readUInt32BE(16)
        if (included > original || included > longest) return undefined
        if (searching && (included === 0 || century < year1970 || century > year2140)) return undefined
        return 24 + included
      },
      packet: (record) => {
        const packet = packetOf?.(record.subarray(24), record.readUInt32BE(8))
        const at = Number((record.readBigInt64BE(16) - btsnoopEpoch) / 1000n)
        return packet && { packet, at }
      },
    }
  },
}

/**
 * As FTE's and BlueZ's `doc/btsnoop.txt` number them. 1001 tells by its flags which packets are events, Linux' monitor
 * by its opcode: 3 is an event.
 */
const linkTypes = new Map<number, LinkType>([
  [1001, (data, flags) => ((flags & 3) === 3 ? event(data) : undefined)],
  [1002, h4],
  [2001, (data, flags) => ((flags & 0xffff) === 3 ? event(data) : undefined)],
])

/** What time stamps begin with, their upper half, in the years 1970 and 2140. */
const [year1970, year2140] = [0x00dcddb3, 0x00f00000]

/** Longest packet; more than HCI allows (65 540), less than what a wrong length would swallow. */
const longest = 2 ** 17

/** The year 1970 in microseconds from year 0, where btsnoop counts from. */
const btsnoopEpoch = 0x00dc_ddb3_0f2f_8000n

/** btsnoop of HCI packets with H4 indicators (link type 1002), for Wireshark, btmon and others; time stamps are needed. */
export const btsnoopWriter: CaptureWriter = {
  header: Buffer.from('6274736e6f6f700000000001000003ea', 'hex'),
  record: (advertisement) => {
    const packet = advertisingEvent(advertisement)
    if (!packet) return undefined
    const header = Buffer.alloc(24)
    header.writeUInt32BE(packet.length, 0)
    header.writeUInt32BE(packet.length, 4)
    // Received, an event.
    header.writeUInt32BE(3, 8)
    header.writeBigInt64BE(btsnoopEpoch + BigInt(Math.floor((advertisement.at ?? 0) * 1000)), 16)
    return Buffer.concat([header, packet])
  },
}
