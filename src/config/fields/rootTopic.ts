import { field } from './field.js'
import { slashWarning } from './slashWarning.js'
import { topicFault } from './topicFault.js'

const fault = (text: string) =>
  text.startsWith('$') ? 'topics that begin with $ belong to the broker' : topicFault(text)

/**
 * The topic that all destinations of a connection are below: `sensor_reporter`.
 *
 * @example
 * fields.rootTopic.parse('sensor_reporter')
 * // → 'sensor_reporter'
 */
export const rootTopic = field(
  'a topic',
  (text) => (fault(text) === undefined ? text : undefined),
  fault,
).meta({ warn: slashWarning })
