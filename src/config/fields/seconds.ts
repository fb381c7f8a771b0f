import { field } from './field.js'

/** The host's timers hold 31 bits of milliseconds, nearly 25 days, and fire at once beyond that. */
const longest = 2_147_483

/**
 * A time in seconds, decimals allowed, both ends of the range included; becomes milliseconds: `seconds(0.1)`.
 *
 * @example
 * fields.seconds(0.1).parse('2.5')
 * // → 2500
 */
export const seconds = (min: number, max = longest) =>
  field(`a number of seconds from ${min} to ${max}`, (text) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN
    return value >= min && value <= max ? Math.round(value * 1000) : undefined
  })
