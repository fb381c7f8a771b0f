/** A packet to put into a capture: H4, hex, and when it was heard. */
export interface Packet {
  readonly at: number
  readonly h4: string
}

type Files = Readonly<Record<string, (packets: readonly Packet[]) => Buffer>>

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const numbers = (little: boolean) => ({
  u16: (value: number) => {
    const buffer = Buffer.alloc(2)
    if (little) buffer.writeUInt16LE(value)
    else buffer.writeUInt16BE(value)
    return buffer
  },
  u32: (value: number) => {
    const buffer = Buffer.alloc(4)
    if (little) buffer.writeUInt32LE(value)
    else buffer.writeUInt32BE(value)
    return buffer
  },
})

/** btsnoop: what stands in a record, and its flags, are up to the link type. */
export function btsnoopFile(
  link: number,
  record: (h4: Buffer) => { data: Buffer; flags: number },
  packets: readonly Packet[],
): Buffer {
  const { u32 } = numbers(false)
  const time = Buffer.alloc(8)
  return Buffer.concat([
    Buffer.from('btsnoop\0'),
    u32(1),
    u32(link),
    ...packets.flatMap(({ at, h4 }) => {
      const { data, flags } = record(bytes(h4))
      time.writeBigInt64BE(BigInt(at) * 1000n + 0x00dcddb30f2f8000n)
      return [u32(data.length), u32(data.length), u32(flags), u32(0), Buffer.from(time), data]
    }),
  ])
}

export interface PcapOptions {
  readonly little: boolean
  readonly nanoseconds?: boolean
  readonly link: number
  readonly wrap?: (h4: Buffer) => Buffer
}

export function pcapFile(
  { little, nanoseconds = false, link, wrap = (h4) => h4 }: PcapOptions,
  packets: readonly Packet[],
): Buffer {
  const { u16, u32 } = numbers(little)
  return Buffer.concat([
    u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    u16(2),
    u16(4),
    u32(0),
    u32(0),
    u32(262_144),
    u32(link),
    ...packets.flatMap(({ at, h4 }) => {
      const data = wrap(bytes(h4))
      const fraction = (at % 1000) * (nanoseconds ? 1_000_000 : 1000)
      return [u32(Math.floor(at / 1000)), u32(fraction), u32(data.length), u32(data.length), data]
    }),
  ])
}

/** The parts of a pcapng file in one byte order. */
export function pcapngBlocks(little: boolean) {
  const { u16, u32 } = numbers(little)
  const pad = (data: Buffer) => Buffer.concat([data, Buffer.alloc(-data.length & 3)])
  const block = (type: number, ...body: Buffer[]) => {
    const content = pad(Buffer.concat(body))
    return Buffer.concat([u32(type), u32(content.length + 12), content, u32(content.length + 12)])
  }
  const option = (code: number, value: Buffer) => Buffer.concat([u16(code), u16(value.length), pad(value)])
  return {
    block,
    section: () => block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), Buffer.alloc(8, 0xff)),
    /** `resolution` as in if_tsresol, `offset` in seconds. */
    interface: (link: number, resolution?: number, offset?: number) => {
      const seconds = Buffer.alloc(8)
      if (little) seconds.writeBigInt64LE(BigInt(offset ?? 0))
      else seconds.writeBigInt64BE(BigInt(offset ?? 0))
      return block(
        1,
        u16(link),
        u16(0),
        u32(0),
        option(2, Buffer.from('bluetooth0')),
        ...(resolution === undefined ? [] : [option(9, Buffer.of(resolution))]),
        ...(offset === undefined ? [] : [option(14, seconds)]),
        option(0, Buffer.alloc(0)),
      )
    },
    /** `units` since the epoch, as the interface counts them. */
    enhanced: (data: Buffer, units: bigint, number = 0) =>
      block(
        6,
        u32(number),
        u32(Number(units >> 32n)),
        u32(Number(units & 0xffffffffn)),
        u32(data.length),
        u32(data.length),
        pad(data),
        option(2, Buffer.alloc(4)),
      ),
    simple: (data: Buffer) => block(3, u32(data.length), data),
  }
}

export function pcapngFile(
  { little, link, wrap = (h4) => h4 }: PcapOptions,
  packets: readonly Packet[],
): Buffer {
  const blocks = pcapngBlocks(little)
  return Buffer.concat([
    blocks.section(),
    blocks.interface(link),
    ...packets.map(({ at, h4 }) => blocks.enhanced(wrap(bytes(h4)), BigInt(at) * 1000n)),
  ])
}

const h4 = (packet: Buffer) => ({ data: packet, flags: packet[0] === 4 ? 3 : 2 })
const unencapsulated = (packet: Buffer) => ({ ...h4(packet), data: packet.subarray(1) })
/** Opcodes of Linux' monitor by H4 indicator: command, event, received data. */
const opcodes = new Map([
  [1, 2],
  [4, 3],
  [2, 5],
])
const opcode = (packet: Buffer) => opcodes.get(packet[0] ?? 0) ?? 12
const pseudoHeader = (packet: Buffer) => Buffer.concat([bytes('00000001'), packet])
const monitor = (packet: Buffer) => Buffer.concat([Buffer.of(0, 0, 0, opcode(packet)), packet.subarray(1)])

/** One file of every kind that is read. */
export const captureFiles: Files = {
  'btsnoop, H4': (packets) => btsnoopFile(1002, h4, packets),
  'btsnoop, unencapsulated': (packets) => btsnoopFile(1001, unencapsulated, packets),
  'btsnoop, Linux monitor': (packets) =>
    btsnoopFile(2001, (packet) => ({ data: packet.subarray(1), flags: opcode(packet) }), packets),
  'pcap, little-endian': (packets) => pcapFile({ little: true, link: 187 }, packets),
  'pcap, big-endian': (packets) => pcapFile({ little: false, link: 187 }, packets),
  'pcap in nanoseconds, with pseudo header': (packets) =>
    pcapFile({ little: true, nanoseconds: true, link: 201, wrap: pseudoHeader }, packets),
  'pcap in nanoseconds, big-endian, Linux monitor': (packets) =>
    pcapFile({ little: false, nanoseconds: true, link: 254, wrap: monitor }, packets),
  'pcapng, little-endian': (packets) => pcapngFile({ little: true, link: 187 }, packets),
  'pcapng, big-endian, with pseudo header': (packets) =>
    pcapngFile({ little: false, link: 201, wrap: pseudoHeader }, packets),
  'pcapng, Linux monitor': (packets) => pcapngFile({ little: true, link: 254, wrap: monitor }, packets),
}
