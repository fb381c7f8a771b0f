import { type BrandEncoder, int16, steps } from './encoder.js'

/** A black Tilt Pro. */
export const tiltEncoder: BrandEncoder = {
  brand: 'Tilt',
  says: ['temperature', 'specific_gravity'],
  encode({ temperature_c, specific_gravity }) {
    // Tenths of °F are finer than those of °C.
    const major = Math.round(steps('temperature', temperature_c, -17.7, 3600, 10) * 1.8 + 320)
    if (major === 999)
      throw new Error(`expected another temperature than ${temperature_c ?? ''}, which means a version`)
    const minor = steps('specific_gravity', specific_gravity, 0.5, 6.5535, 10_000)
    const uuid = Buffer.from('0215a495bb30c5b14b44b5121370f02d74de', 'hex')
    return { manufacturerData: [Buffer.of(0x4c, 0, ...uuid, ...int16(major), ...int16(minor), 0xc5)] }
  },
}
