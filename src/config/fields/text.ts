import { field } from './field.js'

/**
 * Some text in one line, not empty; no longer than MQTT can carry.
 *
 * @example
 * fields.text.parse('good morning')
 * // → 'good morning'
 */
export const text = field('a text in one line, not empty, of at most 65535 bytes', (value) =>
  value !== '' && Buffer.byteLength(value) <= 65_535 && !/\p{Cc}|\p{Cs}/u.test(value) ? value : undefined,
)
