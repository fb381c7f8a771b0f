import { field } from './field.js'

/**
 * A number, decimals allowed: `-7.5`.
 *
 * @example
 * fields.number.parse('-7.5')
 * // → -7.5
 */
export const number = field('a number', (text) =>
  /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined,
)
