import type { Reading } from '../model.js'

/** The text that is published for a reading; never `-0.0`: `payload({ destination, value: 22, decimals: 1 })` is `22.0`. */
export function payload({ value, decimals }: Reading): string {
  if (typeof value !== 'number' || decimals === undefined) return String(value)
  const text = value.toFixed(decimals)
  return Number(text) === 0 ? text.replace('-', '') : text
}
