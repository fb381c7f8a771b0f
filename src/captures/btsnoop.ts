import { btsnoopEpoch } from './btsnoopEpoch.js'
import type { CaptureFormat } from './captureFormat.js'
import { linkTypeFinder } from './linkTypeFinder.js'

/** What time stamps begin with, their upper half, in the years 1970 and 2140. */
const [year1970, year2140] = [0x00dcddb3, 0x00f00000]

/** Longest packet; more than HCI allows (65 540), less than what a wrong length would swallow. */
const longest = 2 ** 17

/** btsnoop version 1, as `btmon -w`, Android's HCI snoop log and many others write it (RFC 1761 with other link types). */
export const btsnoop: CaptureFormat = {
  magics: ['6274736e'],
  fileHeader: 16,
  open: (file, log) => {
    const packetOf = linkTypeFinder('btsnoop', log)(file.readUInt32BE(12))
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
