import { type Advertisement, type AdvertisingEvent, reversedHex } from './advertisement.js'

/** What the controller says about one packet from the air; its AD structures are not taken apart yet. */
export interface AdvertisingReport extends Pick<Advertisement, 'address' | 'addressType' | 'rssi' | 'event'> {
  readonly data: Uint8Array
}

/** Where a kind of report has its fields, as offsets from its first byte. */
interface Layout {
  readonly addressType: number
  readonly address: number
  readonly length: number
  readonly data: number
  readonly rssi: number | 'after data'
  readonly event: (type: number) => AdvertisingEvent | undefined
}

const legacyEvents = ['adv_ind', 'adv_direct_ind', 'adv_scan_ind', 'adv_nonconn_ind', 'scan_rsp'] as const

function extendedEvent(type: number): AdvertisingEvent {
  if (type & 8) return 'scan_rsp'
  if (type & 4) return 'adv_direct_ind'
  if (type & 1) return 'adv_ind'
  return type & 2 ? 'adv_scan_ind' : 'adv_nonconn_ind'
}

/** By LE Meta subevent code. */
const layouts = new Map<number | undefined, Layout>([
  [
    0x02,
    {
      addressType: 1,
      address: 2,
      length: 8,
      data: 9,
      rssi: 'after data',
      event: (type) => legacyEvents[type],
    },
  ],
  [0x0d, { addressType: 2, address: 3, length: 23, data: 24, rssi: 13, event: extendedEvent }],
])

/**
 * The advertising reports, legacy or extended, in an HCI event packet with its H4 indicator (`04 3e …`); none in any other
 * packet (Core Specification, Vol 4, Part E, 7.7.65.2 and 7.7.65.13). Never throws: a report cut off at the end is left out.
 */
export function advertisingReports(packet: Uint8Array): AdvertisingReport[] {
  const reports: AdvertisingReport[] = []
  const layout = packet[0] === 0x04 && packet[1] === 0x3e ? layouts.get(packet[3]) : undefined
  if (!layout) return reports
  const packetEnd = Math.min(packet.length, 3 + (packet[2] ?? 0))
  const count = packet[4] ?? 0

  for (let start = 5; reports.length < count && start + layout.data <= packetEnd;) {
    const dataEnd = start + layout.data + (packet[start + layout.length] ?? 0)
    const rssiAt = layout.rssi === 'after data' ? dataEnd : start + layout.rssi
    const end = Math.max(dataEnd, rssiAt + 1)
    if (end > packetEnd) break
    const event = layout.event(packet[start] ?? 0)
    const rssi = ((packet[rssiAt] ?? 0) << 24) >> 24
    reports.push({
      address: reversedHex(packet, start + layout.address, 6, ':'),
      addressType: (packet[start + layout.addressType] ?? 0) & 1 ? 'random' : 'public',
      ...(event && { event }),
      // 127 is the controller's way to say that it did not measure.
      ...(rssi !== 127 && { rssi }),
      data: packet.subarray(start + layout.data, dataEnd),
    })
    start = end
  }
  return reports
}
