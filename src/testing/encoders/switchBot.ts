import { type BrandEncoder, steps } from './encoder.js'

/** A Meter. What it says in two packets, the battery in the scan response, is in one here. */
export const switchBotEncoder: BrandEncoder = {
  brand: 'SwitchBot',
  says: ['temperature', 'humidity', 'battery', 'packet'],
  encode({ temperature_c, humidity, battery = 100, packet = 1 }, { address }) {
    const tenths = steps('temperature', temperature_c, -127.9, 127.9, 10)
    const size = Math.abs(tenths)
    const record = Buffer.of(
      ...[0x69, 0x09, ...address],
      steps('packet', packet, 0, 255),
      3,
      size % 10,
      // Bit 7 is set above zero.
      (tenths < 0 ? 0 : 0x80) | Math.floor(size / 10),
      steps('humidity', humidity, 0, 100),
      0,
    )
    const data = Buffer.of('T'.charCodeAt(0), 0, steps('battery', battery, 0, 100))
    return { manufacturerData: [record], serviceData: [{ uuid: 'fd3d', data }] }
  },
}
