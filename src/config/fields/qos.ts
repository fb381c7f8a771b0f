import { field } from './field.js'

/** MQTT's quality of service. */
export const qos = field('0, 1 or 2', (text) => ([0, 1, 2] as const).find((level) => text === String(level)))
