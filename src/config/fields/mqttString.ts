import { field } from './field.js'

/** The longest text that an MQTT packet can carry, in bytes of UTF-8 (MQTT 3.1.1, section 1.5.3). */
const longest = 65_535

/** Any text that MQTT can carry, also none. */
export const mqttString = field(`at most ${longest} bytes`, (value) =>
  Buffer.byteLength(value) <= longest ? value : undefined,
)
