import type { LinkError } from './linkError.js'
import type { MqttOptions } from './mqttOptions.js'

/** What happened, to be followed by the broker's name, and what to do about it. */
export type Reason = readonly [
  what: string,
  remedy: string | ((options: MqttOptions, error: LinkError) => string),
]
