import { type BrandEncoder, int16le, steps } from './encoder.js'

/** An SCD4x, or an SHT4x where it says no CO2. */
export const sensirionEncoder: BrandEncoder = {
  brand: 'Sensirion',
  says: ['temperature', 'humidity', 'co2'],
  encode({ temperature_c, humidity, co2 }, { address }) {
    const hundredths = steps('temperature', temperature_c, -45, 130, 100)
    const share = steps('humidity', humidity, 0, 100, 100) / 10_000
    const record = Buffer.of(
      ...[0xd5, 0x06, 0, co2 === undefined ? 0x06 : 0x08, ...address.subarray(-2)],
      // 16 bits are finer than what is said.
      ...int16le(Math.round(((hundredths + 4500) / 17_500) * 0xffff)),
      ...int16le(Math.round((co2 === undefined ? (100 * share + 6) / 125 : share) * 0xffff)),
      ...(co2 === undefined ? [] : int16le(steps('co2', co2, 0, 65_535))),
    )
    return { localName: co2 === undefined ? 'SHT4X' : 'SCD4X', manufacturerData: [record] }
  },
}
