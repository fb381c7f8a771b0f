import { field } from './field.js'

/**
 * The path of a file; whether it exists is for those to say who open it.
 *
 * @example
 * fields.path.parse('/sys/class/thermal/thermal_zone0/temp')
 * // → '/sys/class/thermal/thermal_zone0/temp'
 */
export const path = field('the path of a file', (text) =>
  text !== '' && !text.includes('\0') ? text : undefined,
)
