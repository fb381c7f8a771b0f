import type { Measurement } from './measurement.js'

/**
 * Reads the layout most Govee room sensors share, from byte `at` of the payload: 3 bytes big-endian whose bit 23 is
 * the sign and whose low 23 bits are `temperature * 10 * 1000 + humidity * 10`, then the battery byte, whose bit 7
 * says that the values are invalid. `03 51 9e 64` is 21.7 °C, 50.2 %, battery 100 %.
 *
 * Corrupt packets arrive without that bit too, so a temperature outside -40..100 °C counts as invalid as well.
 */
export function packed24(model: string, payload: Uint8Array, at: number): Measurement {
  const high = payload[at] ?? 0
  const power = payload[at + 3] ?? 0
  const magnitude = ((high & 0x7f) << 16) | ((payload[at + 1] ?? 0) << 8) | (payload[at + 2] ?? 0)
  const tenths = Math.trunc(magnitude / 1000)
  const temperature_c = high & 0x80 && tenths > 0 ? -tenths / 10 : tenths / 10
  const charge = power & 0x7f
  const battery = charge <= 100 ? { battery: charge } : {}
  if (power & 0x80 || temperature_c < -40 || temperature_c > 100) {
    return { model, decimals: 1, ...battery, error: true }
  }
  return { model, decimals: 1, temperature_c, humidity: (magnitude % 1000) / 10, ...battery }
}
