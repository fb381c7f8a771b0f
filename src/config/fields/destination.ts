import { field } from './field.js'
import { slashWarning } from './slashWarning.js'
import { topicFault } from './topicFault.js'

const reserved = new Set(['status', 'refresh', 'health', 'bluetooth'])

const fault = (text: string) =>
  reserved.has(text)
    ? "status, refresh, health and bluetooth below RootTopic are the program's own"
    : topicFault(text)

/**
 * A topic below RootTopic that readings may be published on: `attic/thermometer`.
 *
 * @example
 * fields.destination.parse('attic/thermometer')
 * // → 'attic/thermometer'
 */
export const destination = field(
  'a topic below RootTopic',
  (text) => (fault(text) === undefined ? text : undefined),
  fault,
).meta({ warn: slashWarning })
