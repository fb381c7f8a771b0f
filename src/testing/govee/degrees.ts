import { int16 } from './int16.js'
import { steps } from './steps.js'

/** A probe's temperature (°C), 16 bits big-endian, `perUnit` to the degree; FFFF where there is none. */
export function degrees(name: string, value: number | undefined, perUnit: 1 | 100 = 100): number[] {
  if (value === undefined) return [0xff, 0xff]
  const count = steps(name, value, -0x8000 / perUnit, 0x7fff / perUnit, perUnit)
  if (count === -1)
    throw new Error(`expected another ${name} than ${-1 / perUnit}, which is how it says that there is none`)
  return int16(count)
}
