import { type BrandEncoder, int16, steps } from './encoder.js'

/** A RuuviTag, data format 5. */
export const ruuviEncoder: BrandEncoder = {
  brand: 'Ruuvi',
  says: [
    ...(['temperature', 'humidity', 'pressure_hpa', 'voltage', 'movement_counter', 'packet'] as const),
    ...(['acceleration_x_mg', 'acceleration_y_mg', 'acceleration_z_mg'] as const),
  ],
  encode(values, { address }) {
    const axis = (key: 'acceleration_x_mg' | 'acceleration_y_mg' | 'acceleration_z_mg') =>
      int16(values[key] === undefined ? -0x8000 : steps(key, values[key], -32767, 32767))
    const { temperature_c, humidity, pressure_hpa, voltage, movement_counter, packet = 1 } = values
    const power = voltage === undefined ? 0x7ff : steps('voltage', voltage, 1.6, 3.646, 1000) - 1600
    const record = Buffer.of(
      ...[0x99, 0x04, 5],
      ...int16(
        temperature_c === undefined ? -0x8000 : steps('temperature', temperature_c, -163.835, 163.835, 200),
      ),
      ...int16(humidity === undefined ? 0xffff : steps('humidity', humidity, 0, 163.835, 400)),
      ...int16(
        pressure_hpa === undefined ? 0xffff : steps('pressure_hpa', pressure_hpa, 500, 1155.34, 100) - 50_000,
      ),
      ...[axis('acceleration_x_mg'), axis('acceleration_y_mg'), axis('acceleration_z_mg')].flat(),
      // The transmission power, +4 dBm, is in the low bits.
      ...int16((power << 5) | 22),
      movement_counter === undefined ? 0xff : steps('movement_counter', movement_counter, 0, 254),
      ...int16(steps('packet', packet, 0, 65534)),
      ...address,
    )
    return { manufacturerData: [record] }
  },
}
