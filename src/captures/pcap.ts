import { linkLayer, linkLayerWithHeader, nordicSniffer } from './linkLayer.js'
import { type CaptureFormat, event, h4, type LinkType, linkTypeFinder } from './records.js'

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
    const packetOf = linkTypeFinder(linkTypes, log)(u32(file, 20) & 0xffff)
    return {
      header: 16,
      length: (header, searching) => {
        const seconds = u32(header, 0)
        const included = u32(header, 8)
        if (included > u32(header, 12) || included > longestRecord || u32(header, 4) >= perSecond)
          return undefined
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

const longestRecord = 2 ** 18

const [year2000, year2100] = [946_684_800, 4_102_444_800]

/** As tcpdump.org/linktypes numbers them; Linux' monitor numbers packets by opcode: 3 is an event. */
const linkTypes = new Map<number, LinkType>([
  [187, h4],
  [201, (data) => data.subarray(4)],
  [251, linkLayer],
  [254, (data) => (data[2] === 0 && data[3] === 3 ? event(data.subarray(4)) : undefined)],
  [256, linkLayerWithHeader],
  [272, nordicSniffer],
])

/** pcapng as Wireshark and `dumpcap` write it (draft-ietf-opsawg-pcapng); each section has a byte order of its own. */
export const pcapng: CaptureFormat = {
  magics: ['0a0d0d0a'],
  fileHeader: 0,
  open: (_file, log) => {
    const linkType = linkTypeFinder(linkTypes, log)
    let little = true
    let interfaces: PcapngInterface[] = []
    const u32 = (bytes: Buffer, at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
    return {
      header: 12,
      length: (header, searching) => {
        if (header.readUInt32LE(0) === sectionHeader) {
          const order = header.toString('hex', 8)
          if (order !== '4d3c2b1a' && order !== '1a2b3c4d') return undefined
          little = order === '4d3c2b1a'
        }
        const length = u32(header, 4)
        if (searching && !found.includes(u32(header, 0))) return undefined
        return length < 12 || length % 4 !== 0 || length > longestBlock ? undefined : length
      },
      packet: (block) => {
        const type = u32(block, 0)
        const body = block.subarray(8, -4)
        if (type === sectionHeader) interfaces = []
        if (type === interfaceDescription && body.length >= 8 && interfaces.length < mostInterfaces)
          interfaces.push(pcapngInterface(body, little, linkType))

        if (type === simplePacket && body.length >= 4) {
          const packet = interfaces[0]?.packetOf?.(body.subarray(4, 4 + u32(body, 0)), 0)
          return packet && { packet }
        }
        if (type !== enhancedPacket || body.length < 20) return undefined
        const heardOn = interfaces[u32(body, 0)]
        const packet = heardOn?.packetOf?.(body.subarray(20, 20 + u32(body, 12)), 0)
        return packet && { packet, at: heardOn?.timeOf(u32(body, 4), u32(body, 8)) }
      },
    }
  },
}

/** Types of the blocks that are read. */
const [sectionHeader, interfaceDescription, simplePacket, enhancedPacket] = [0x0a0d0d0a, 1, 3, 6]

const found = [sectionHeader, interfaceDescription, simplePacket, enhancedPacket]

/** Longest block: those with packets are small, those with secrets or names may be a little larger. */
const longestBlock = 2 ** 20

const mostInterfaces = 1000

/** What a pcapng file says about all packets of one interface. */
interface PcapngInterface {
  readonly packetOf: LinkType | undefined
  /** Milliseconds since the epoch of a time stamp, given in two halves. */
  readonly timeOf: (high: number, low: number) => number
}

/** Options that say how time is counted: `if_tsresol` and `if_tsoffset`. */
const [resolution, offset] = [9, 14]

/** Reads the body of an Interface Description Block. */
function pcapngInterface(
  body: Buffer,
  little: boolean,
  linkType: (number: number) => LinkType | undefined,
): PcapngInterface {
  const u16 = (at: number) => (little ? body.readUInt16LE(at) : body.readUInt16BE(at))
  let perSecond = 1e6
  let start = 0
  for (let at = 8; at + 4 <= body.length;) {
    const [code, length] = [u16(at), u16(at + 2)]
    const value = body.subarray(at + 4, at + 4 + length)
    const exponent = value[0] ?? 6
    if (code === resolution) perSecond = exponent & 0x80 ? 2 ** (exponent & 0x7f) : 10 ** exponent
    if (code === offset && value.length === 8)
      start = Number(little ? value.readBigInt64LE() : value.readBigInt64BE()) * 1000
    at += 4 + Math.ceil(length / 4) * 4
  }
  const perMillisecond = perSecond / 1000
  return {
    packetOf: linkType(u16(0)),
    timeOf: (high, low) => Math.floor((high * 2 ** 32 + low) / perMillisecond + start),
  }
}
