import { type BrandEncoder, int16le, steps } from './encoder.js'

/** An IBS-TH. */
export const inkbirdEncoder: BrandEncoder = {
  brand: 'Inkbird',
  name: 'sps',
  says: ['temperature', 'humidity', 'battery'],
  encode({ temperature_c, humidity, battery = 100 }) {
    const values = [
      ...int16le(steps('temperature', temperature_c, -327.68, 327.67, 100)),
      ...int16le(steps('humidity', humidity, 0, 100, 100)),
      // The sensor within.
      0,
    ]
    const record = Buffer.of(...values, ...int16le(crc16(values)), steps('battery', battery, 0, 100), 6)
    return { localName: 'sps', serviceUuids: ['fff0'], manufacturerData: [record] }
  },
}

/** The checksum of Modbus. */
function crc16(bytes: readonly number[]): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}
