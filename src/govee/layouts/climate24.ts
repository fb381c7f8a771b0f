import type { Climate } from '../climate.js'
import { roomClimate } from './roomClimate.js'

/**
 * Reads 3 bytes big-endian from byte `at`: bit 23 is the sign, the low 23 bits are
 * `temperature * 10 * 1000 + humidity * 10`. `03 51 9e` is 21.7 °C, 50.2 %. Undefined when they cannot be true.
 */
export function climate24(payload: DataView, at: number): Required<Climate> | undefined {
  const high = payload.getUint8(at)
  const magnitude = ((high & 0x7f) << 16) | payload.getUint16(at + 1)
  const tenths = Math.trunc(magnitude / 1000)
  return roomClimate(high & 0x80 ? -tenths : tenths, magnitude % 1000, 10)
}
