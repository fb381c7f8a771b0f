import type { Measurement } from '../measurement.js'
import { charge } from './charge.js'
import { decrypt24 } from './decrypt24.js'

type Said = Omit<Measurement, 'model' | 'decimals'>

const press = (button: number): Said => ({ event: { type: 'button', button, action: 'press' } })
const when = (value: number, type: 'motion' | 'vibration'): Said => (value === 1 ? { event: { type } } : {})

/** By the byte that says the model: its name, and what its value means. */
const models: Readonly<Record<number, readonly [model: string, say: (value: number) => Said]>> = {
  2: ['H5123', (value) => (value === 1 || value === 2 ? { window_open: value === 2 } : {})],
  3: ['H5121', (value) => when(value, 'motion')],
  8: ['H5122', press],
  9: ['H5124', (value) => when(value, 'vibration')],
  10: ['H5125', press],
  11: ['H5126', press],
  13: ['H5130', (value) => (value === 16 ? press(0) : value <= 1 ? { pressure_detected: value === 1 } : {})],
}

/** Reads a motion, door or vibration sensor, a button or a pressure mat. A value without a known meaning says nothing. */
export function encrypted24(_: string, payload: DataView): Measurement | undefined {
  const [, , code = 0, , power = 0, value = 0] = decrypt24(payload) ?? []
  const known = models[code]
  if (!known) return undefined
  const [model, say] = known
  return { model, decimals: 0, ...say(value), battery: charge(power) }
}
