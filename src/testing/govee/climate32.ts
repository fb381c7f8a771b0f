import type { GoveeValues } from './goveeValues.js'
import { steps } from './steps.js'

/** Climate and dust in 4 bytes, big-endian: bit 31 is the sign, the rest `temperature * 10^7 + humidity * 10^4 + pm2.5`. */
export function climate32({ temperature, humidity, pm25 }: GoveeValues): readonly number[] {
  const tenths = steps('temperature', temperature, -40, 100, 10)
  const below = steps('humidity', humidity, 0, 99.9, 10) * 1000 + steps('pm25', pm25, 0, 999)
  const packed = Math.abs(tenths) * 1_000_000 + below
  const sign = tenths < 0 ? 0x80 : 0
  return [sign | (packed >> 24), (packed >> 16) & 0xff, (packed >> 8) & 0xff, packed & 0xff]
}
