/** The schemas of parameters for those who write plug-ins: `fields.object({ Poll: fields.seconds(1).describe('…') })`. */
export { object } from 'zod'
export { boolean, choice } from '../fields/fields.js'
export { destination, destinations } from '../fields/topicFields.js'
export { field, host, integer, names, number, numbered, path } from '../fields/fields.js'
export { rootTopic } from '../fields/topicFields.js'
export { seconds, secret, text, twoTexts } from '../fields/fields.js'
