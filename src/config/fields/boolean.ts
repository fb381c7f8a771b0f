import { field } from './field.js'

const values = new Map([
  ...['yes', 'true', 'on', '1'].map((text) => [text, true] as const),
  ...['no', 'false', 'off', '0'].map((text) => [text, false] as const),
])

/**
 * `yes no true false on off 1 0` in any case, as Python's configparser has it.
 *
 * @example
 * fields.boolean.parse('YES')
 * // → true
 */
export const boolean = field('YES or NO (or true, false, on, off, 1, 0)', (text) =>
  values.get(text.toLowerCase()),
)
