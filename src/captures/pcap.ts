import type { CaptureFormat } from './captureFormat.js'
import { linkTypeFinder } from './linkTypeFinder.js'

const longest = 2 ** 18
const [year2000, year2100] = [946_684_800, 4_102_444_800]

/** Byte order, and how finely time is counted, by the first four bytes. */
const variants = new Map([
  ['a1b2c3d4', { little: false, perSecond: 1e6 }],
  ['d4c3b2a1', { little: true, perSecond: 1e6 }],
  ['a1b23c4d', { little: false, perSecond: 1e9 }],
  ['4d3cb2a1', { little: true, perSecond: 1e9 }],
])

/** pcap as `tcpdump -w` writes it (draft-ietf-opsawg-pcap), in both byte orders. */
export const pcap: CaptureFormat = {
  magics: [...variants.keys()],
  fileHeader: 24,
  open: (file, log) => {
    const { little, perSecond } = variants.get(file.toString('hex', 0, 4)) ?? { little: true, perSecond: 1e6 }
    const u32 = (bytes: Buffer, at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
    // The upper half says how Ethernet frames end.
    const packetOf = linkTypeFinder('pcap', log)(u32(file, 20) & 0xffff)
    return {
      header: 16,
      length: (header, searching) => {
        const seconds = u32(header, 0)
        const included = u32(header, 8)
        if (included > u32(header, 12) || included > longest || u32(header, 4) >= perSecond) return undefined
        if (searching && (included === 0 || seconds < year2000 || seconds > year2100)) return undefined
        return 16 + included
      },
      packet: (record) => {
        const packet = packetOf?.(record.subarray(16), 0)
        const at = u32(record, 0) * 1000 + Math.floor(u32(record, 4) / (perSecond / 1000))
        return packet && { packet, at }
      },
    }
  },
}
