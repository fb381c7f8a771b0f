import type { Measurement } from '../measurement.js'
import { climate24 } from './climate24.js'
import { unlessFlagged } from './unlessFlagged.js'

/**
 * Reads the layout most room sensors share, from byte `at`: 3 bytes of temperature and humidity, then the battery
 * byte. `03 51 9e 64` is 21.7 °C, 50.2 %, battery 100 %.
 */
export const packed24 = (model: string, payload: DataView, at: number): Measurement =>
  unlessFlagged(model, climate24(payload, at), payload.getUint8(at + 3))
