import type { Reading } from '../model.js'

/** Enough for everything a house full of sensors says. */
const limit = 10_000

/** By decimals and value: sensors say the same numbers all day long. */
const texts: Map<number, string>[] = []

/** The text that is published for a reading; never `-0.0`: `payload({ destination, value: 22, decimals: 1 })` is `22.0`. */
export function payload({ value, decimals }: Reading): string {
  if (typeof value !== 'number' || decimals === undefined) return String(value)
  const known = (texts[decimals] ??= new Map())
  const text = known.get(value)
  if (text !== undefined) return text
  if (known.size >= limit) known.clear()
  const fixed = value.toFixed(decimals)
  const unsigned = Number(fixed) === 0 ? fixed.replace('-', '') : fixed
  known.set(value, unsigned)
  return unsigned
}
