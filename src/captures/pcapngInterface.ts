import type { LinkType } from './linkTypes.js'

/** What a pcapng file says about all packets of one interface. */
export interface PcapngInterface {
  readonly packetOf: LinkType | undefined
  /** Milliseconds since the epoch of a time stamp, given in two halves. */
  readonly timeOf: (high: number, low: number) => number
}

/** Options that say how time is counted: `if_tsresol` and `if_tsoffset`. */
const [resolution, offset] = [9, 14]

/** Reads the body of an Interface Description Block. */
export function pcapngInterface(
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
