import type { CaptureFormat } from './captureFormat.js'
import { linkTypeFinder } from './linkTypeFinder.js'
import { pcapngInterface, type PcapngInterface } from './pcapngInterface.js'

const sectionHeader = 0x0a0d0d0a
const interfaceDescription = 1
const simplePacket = 3
const enhancedPacket = 6
const found = [sectionHeader, interfaceDescription, simplePacket, enhancedPacket]

/** Longest block: those with packets are small, those with secrets or names may be a little larger. */
const longest = 2 ** 20
const mostInterfaces = 1000

/** pcapng as Wireshark and `dumpcap` write it (draft-ietf-opsawg-pcapng); each section has a byte order of its own. */
export const pcapng: CaptureFormat = {
  magics: ['0a0d0d0a'],
  fileHeader: 0,
  open: (_file, log) => {
    const linkType = linkTypeFinder('pcap', log)
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
        return length < 12 || length % 4 !== 0 || length > longest ? undefined : length
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
