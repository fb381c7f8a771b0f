import { type BrandEncoder, int16le, steps } from './encoder.js'

/** An M1017 on a tank of propane. The battery follows from the voltage. */
export const mopekaEncoder: BrandEncoder = {
  brand: 'Mopeka',
  says: ['temperature', 'voltage', 'quality', 'level_mm'],
  encode({ temperature_c, voltage = 3, quality = 3, level_mm }, { address }) {
    const degrees = steps('temperature', temperature_c, -40, 87) + 40
    const millimetres = 0.573045 - 0.002822 * degrees - 0.00000535 * degrees ** 2
    const most = Math.floor(0x3fff * millimetres)
    // A step on the air is less than a millimetre, and what is more than a whole one is cut.
    const echo = level_mm === undefined ? 0 : Math.ceil(steps('level_mm', level_mm, 0, most) / millimetres)
    const record = Buffer.of(
      ...[0x59, 0, 0x03],
      steps('voltage', voltage, 0, 255 / 32, 32),
      degrees,
      ...int16le((steps('quality', quality, 0, 3) << 14) | echo),
      ...address.subarray(-3),
      ...[0, 0],
    )
    return { serviceUuids: ['fee5'], manufacturerData: [record] }
  },
}
