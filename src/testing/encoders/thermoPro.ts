import { type BrandEncoder, int16le, steps } from './encoder.js'

/** A TP357S. */
export const thermoProEncoder: BrandEncoder = {
  brand: 'ThermoPro',
  name: 'TP357S',
  says: ['temperature', 'humidity', 'battery'],
  encode({ temperature_c, humidity, battery = 100 }, { address }) {
    const tenths = int16le(steps('temperature', temperature_c, -3276.8, 3276.7, 10))
    const level = [1, 50, 100].indexOf(battery)
    if (level < 0) throw new Error(`expected battery to be 1, 50 or 100, got ${battery}`)
    const digits = Buffer.from(address.subarray(-2)).toString('hex').toUpperCase()
    return {
      localName: `TP357S (${digits})`,
      manufacturerData: [
        Buffer.of(0xc2, ...tenths, steps('humidity', humidity, 0, 100), 0x20 | level, 0x0b, 1),
      ],
    }
  },
}
