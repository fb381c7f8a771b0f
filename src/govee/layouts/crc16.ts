/** CRC-16, polynomial 0x1021, initial value 0x1D0F, not reflected. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0x1d0f
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)
    crc &= 0xffff
  }
  return crc
}
