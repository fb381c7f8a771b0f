import type { Encoder } from './encoder.js'
import { eventEncoders } from './eventEncoders.js'
import { probeEncoders } from './probeEncoders.js'
import { roomEncoders } from './roomEncoders.js'

const encoders: Readonly<Record<string, Encoder>> = { ...roomEncoders, ...probeEncoders }

/** How a model of the family with this key says something. */
export function encoderOf(family: string, model: string): Encoder {
  const encoder = family === 'encrypted24' ? eventEncoders[model] : encoders[family]
  if (!encoder) throw new Error(`nobody has written down how the ${model} of the family ${family} speaks`)
  return encoder
}
