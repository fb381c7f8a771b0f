const eventIndicator = Buffer.of(0x04)
const event = (packet: Buffer) => Buffer.concat([eventIndicator, packet])

/** Where a kind of record keeps its HCI packet; `flags` are those of btsnoop. Undefined for what is no event, if it tells. */
export type LinkType = (data: Buffer, flags: number) => Uint8Array | undefined

const h4: LinkType = (data) => data

/**
 * The Bluetooth HCI link types, as btsnoop (FTE's and BlueZ's `doc/btsnoop.txt`) and as pcap (tcpdump.org/linktypes)
 * number them. Linux' monitor numbers packets by opcode: 3 is an event.
 */
export const linkTypes: Readonly<Record<'btsnoop' | 'pcap', ReadonlyMap<number, LinkType>>> = {
  btsnoop: new Map<number, LinkType>([
    [1001, (data, flags) => ((flags & 3) === 3 ? event(data) : undefined)],
    [1002, h4],
    [2001, (data, flags) => ((flags & 0xffff) === 3 ? event(data) : undefined)],
  ]),
  pcap: new Map<number, LinkType>([
    [187, h4],
    [201, (data) => data.subarray(4)],
    [254, (data) => (data[2] === 0 && data[3] === 3 ? event(data.subarray(4)) : undefined)],
  ]),
}
