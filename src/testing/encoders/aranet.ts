import { type BrandEncoder, int16le, steps } from './encoder.js'

/** An Aranet4 with "Smart Home integrations" switched on. */
export const aranetEncoder: BrandEncoder = {
  brand: 'Aranet',
  name: 'Aranet4',
  says: ['temperature', 'humidity', 'pressure_hpa', 'co2', 'battery'],
  encode({ temperature_c, humidity, pressure_hpa, co2, battery = 100 }, { address }) {
    const record = Buffer.of(
      // Flags, version 1.4.14, and five bytes about the packet.
      ...[0x02, 0x07, 0x21, 14, 4, 1, 0, 12, 15, 1],
      ...int16le(co2 === undefined ? 0x8000 : steps('co2', co2, 0, 32_767)),
      ...int16le(temperature_c === undefined ? 0x4000 : steps('temperature', temperature_c, 0, 819.15, 20)),
      ...int16le(pressure_hpa === undefined ? 0x8000 : steps('pressure_hpa', pressure_hpa, 0, 3276.7, 10)),
      steps('humidity', humidity, 0, 100),
      steps('battery', battery, 0, 100),
      // A green light; measured every 300 s, 44 s ago; a number.
      ...[1, ...int16le(300), ...int16le(44), 1],
    )
    const digits = Buffer.from(address.subarray(-2)).toString('hex').toUpperCase()
    return { localName: `Aranet4 ${digits}`, serviceUuids: ['fce0'], manufacturerData: [record] }
  },
}
