import { brokerName } from './brokerName.js'
import type { LinkError } from './linkError.js'
import type { MqttOptions } from './mqttOptions.js'
import { reasonOf } from './reasonOf.js'

/**
 * Why there is no link, and what to do, in a sentence for the log:
 * `cannot reach broker localhost:1883 (ECONNREFUSED): is it running, and are Host and Port right?`
 */
export function explain(error: LinkError, options: MqttOptions): string {
  const [what, remedy] = reasonOf(error.code)
  const advice = typeof remedy === 'string' ? remedy : remedy(options, error)
  return `${what} ${brokerName(options)} (${error.code}): ${advice}`
}
