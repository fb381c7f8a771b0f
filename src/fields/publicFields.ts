/** The schemas of parameters for those who write plug-ins: `fields.object({ Poll: fields.seconds(1).describe('…') })`. */
export { object } from 'zod'
export { boolean, choice, field, host, integer, names, number, numbered, path } from './fields.js'
export { seconds, secret, text, twoTexts } from './fields.js'
export { destination, destinations, rootTopic } from './topicFields.js'
