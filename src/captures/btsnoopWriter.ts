import { advertisingEvent } from './advertisingEvent.js'
import { btsnoopEpoch } from './btsnoopEpoch.js'
import type { CaptureWriter } from './captureWriter.js'

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
