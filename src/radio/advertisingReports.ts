import {
  addressDigits,
  adStructures,
  type Advertisement,
  type AdvertisingEvent,
  advertisingEvents,
  reversedHex,
} from './advertisement.js'

/** What the controller says about one packet from the air; its AD structures are not taken apart yet. */
export interface AdvertisingReport extends Pick<Advertisement, 'address' | 'addressType' | 'rssi' | 'event'> {
  readonly data: Uint8Array
}

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
      ...(rssi !== unmeasured && { rssi }),
      data: packet.subarray(start + layout.data, dataEnd),
    })
    start = end
  }
  return reports
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

/** LE Meta subevent codes. */
const [legacyReport, extendedReport] = [0x02, 0x0d]

/** The RSSI by which a controller says that it did not measure. */
const unmeasured = 127

/** By LE Meta subevent code. */
const layouts = new Map<number | undefined, Layout>([
  [
    legacyReport,
    {
      addressType: 1,
      address: 2,
      length: 8,
      data: 9,
      rssi: 'after data',
      event: (type) => advertisingEvents[type],
    },
  ],
  [extendedReport, { addressType: 2, address: 3, length: 23, data: 24, rssi: 13, event: extendedEvent }],
])

function extendedEvent(type: number): AdvertisingEvent {
  if (type & 8) return 'scan_rsp'
  if (type & 4) return 'adv_direct_ind'
  if (type & 1) return 'adv_ind'
  return type & 2 ? 'adv_scan_ind' : 'adv_nonconn_ind'
}

/**
 * The HCI event (H4) in which a controller would report an advertisement: the opposite of `advertisingReports`. What the
 * advertisement does not say is a public address, `adv_ind`, RSSI not measured. Undefined when it has no address of
 * six bytes, as on macOS.
 */
export function advertisingEvent(advertisement: Advertisement): Uint8Array | undefined {
  const address = Buffer.from(addressDigits(advertisement.address), 'hex').reverse()
  if (address.length !== 6) return undefined
  const { addressType, event = 'adv_ind', rssi = unmeasured } = advertisement
  const data = (advertisement.data ?? adStructures(advertisement)).subarray(0, longestExtended)
  const sender = [addressType === 'random' ? 1 : 0, ...address]
  const level = rssi & 0xff
  const report =
    data.length <= longestLegacy
      ? [legacyReport, 1, advertisingEvents.indexOf(event), ...sender, data.length, ...data, level]
      : [extendedReport, 1, extendedTypes[event], 0, ...sender, ...others(level), data.length, ...data]
  return Buffer.of(0x04, 0x3e, report.length, ...report)
}

/** What a legacy report has room for on the air, and what one event has room for beside an extended report's fields. */
const [longestLegacy, longestExtended] = [31, 229]

/** PDU types as bits in an extended report. */
const extendedTypes: Readonly<Record<AdvertisingEvent, number>> = {
  adv_ind: 0b0011,
  adv_direct_ind: 0b0101,
  adv_scan_ind: 0b0010,
  adv_nonconn_ind: 0b0000,
  scan_rsp: 0b1011,
}

/** Primary channel 1M, no secondary one, no set, power unknown, RSSI; the rest: not periodic, not directed. */
const others = (level: number) => [1, 0, 0xff, 127, level, ...Array<number>(9).fill(0)]
