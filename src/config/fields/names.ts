import { field } from './field.js'

/**
 * A list of names with commas between them: `MQTT, local`.
 *
 * @example
 * fields.names.parse('MQTT, local')
 * // → ['MQTT', 'local']
 */
export const names = field('one name or several with commas between them', (text) => {
  const list = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return list.length > 0 ? list : undefined
})
