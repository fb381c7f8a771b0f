import { field } from './field.js'

/**
 * A whole number within the range, ends included: `integer(1, 65535)`.
 *
 * @example
 * fields.integer(1, 65_535).parse('1883')
 * // → 1883
 */
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  field(
    `an integer ${max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of at least ${min}`}`,
    (text) => {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN
      return value >= min && value <= max ? value : undefined
    },
  )
