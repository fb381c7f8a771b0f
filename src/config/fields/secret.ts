import { mqttString } from './mqttString.js'

/**
 * A password or the like: any text, also none; it is never shown in messages or logs.
 *
 * @example
 * fields.secret.parse('p#ss;word')
 * // → 'p#ss;word'
 */
export const secret = mqttString.meta({ secret: true })
