import type { LinkType } from './records.js'

/**
 * What a sniffer took off the air, from the access address on (Core Specification, Vol 6, Part B, 2.1 and 2.3), as the HCI event in
 * which a controller would have reported it. Only legacy advertisements and scan responses are: no sensor is known that sends others.
 */
export const linkLayer: LinkType = (data) => reported(data, unmeasured)

/** With a pseudo header of ten bytes: signal power, and flags that say whether that and the CRC are right (LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR). */
export const linkLayerWithHeader: LinkType = (data) => {
  if (data.length < 10) return undefined
  const flags = data.readUInt16LE(8)
  if ((flags & crcChecked && !(flags & crcValid)) || flags >> 14 !== 0) return undefined
  return reported(data.subarray(10), flags & powerValid ? data.readInt8(1) : unmeasured)
}

const [powerValid, crcChecked, crcValid] = [0x0002, 0x0400, 0x0800]

/** As Nordic's nRF Sniffer writes it; its first version has no length of its event header (LINKTYPE_NORDIC_BLE). */
export const nordicSniffer: LinkType = (data) => {
  if (data.length < 17) return undefined
  const start = data.readUInt16BE(0) === 0xbeef ? 17 : 7 + data.readUInt8(7)
  const flags = data.readUInt8(8)
  const isOn1M = (flags & 0x70) === 0
  return flags & 1 && isOn1M ? reported(data.subarray(start), -data.readUInt8(10)) : undefined
}

/** The RSSI by which a controller says that it did not measure. */
const unmeasured = 127

/** On the channels for advertisements; connections have access addresses of their own. */
const advertisingAccess = 0x8e89bed6

/** Types in HCI events by those of the air: ADV_IND, ADV_DIRECT_IND, ADV_NONCONN_IND, SCAN_RSP, ADV_SCAN_IND. */
const eventTypes = new Map([
  [0, 0],
  [1, 1],
  [2, 3],
  [4, 4],
  [6, 2],
])

function reported(packet: Buffer, rssi: number): Uint8Array | undefined {
  if (packet.length < 12 || packet.readUInt32LE(0) !== advertisingAccess) return undefined
  const [header, length] = [packet.readUInt8(4), packet.readUInt8(5)]
  const type = eventTypes.get(header & 0x0f)
  if (type === undefined || length < 6 || length > 37 || packet.length < 6 + length) return undefined
  // Behind the address of the sender a directed advertisement has that of its receiver, and no data.
  const data = type === 1 ? Buffer.alloc(0) : packet.subarray(12, 6 + length)
  const addressType = (header >> 6) & 1
  const report = [2, 1, type, addressType, ...packet.subarray(6, 12), data.length, ...data, rssi & 0xff]
  return Buffer.of(0x04, 0x3e, report.length, ...report)
}
