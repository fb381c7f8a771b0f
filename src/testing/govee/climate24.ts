import type { GoveeValues } from './goveeValues.js'
import { steps } from './steps.js'

/** Temperature and humidity in 3 bytes, big-endian: bit 23 is the sign, the rest `temperature * 10 * 1000 + humidity * 10`. */
export function climate24({ temperature, humidity }: GoveeValues): readonly number[] {
  const tenths = steps('temperature', temperature, -40, 100, 10)
  const below = steps('humidity', humidity, 0, 99.9, 10)
  const packed = Math.abs(tenths) * 1000 + below + (tenths < 0 ? 0x800000 : 0)
  return [packed >> 16, (packed >> 8) & 0xff, packed & 0xff]
}
