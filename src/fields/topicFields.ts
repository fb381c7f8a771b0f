import { field, names } from './fields.js'

const reserved = new Set(['status', 'refresh', 'health', 'bluetooth'])

const destinationFault = (text: string) =>
  reserved.has(text)
    ? "status, refresh, health and bluetooth below RootTopic are the program's own"
    : topicFault(text)

/** MQTT allows topics with empty levels, but hardly anybody means them. */
const slashWarning = (topic: string): string | undefined =>
  topic.startsWith('/') || topic.endsWith('/')
    ? 'a / at the beginning or the end makes a topic level without a name: leave it out'
    : undefined

/**
 * A topic below RootTopic that readings may be published on: `attic/thermometer`.
 *
 * @example
 * fields.destination.parse('attic/thermometer')
 * // → 'attic/thermometer'
 */
export const destination = field(
  'a topic below RootTopic',
  (text) => (destinationFault(text) === undefined ? text : undefined),
  destinationFault,
).meta({ warn: slashWarning })

/** So that root, destination and what a sensor puts below them stay within MQTT's 65535 bytes together. */
const longest = 32_000

const faults: readonly [when: (topic: string) => boolean, fault: string][] = [
  [(topic) => topic === '', 'it may not be empty'],
  [(topic) => /[+#]/.test(topic), '+ and # are wildcards, which only a subscriber may use'],
  [(topic) => /\p{Cc}/u.test(topic), 'it may not contain control characters or line breaks'],
  [
    (topic) => /\p{Cs}|\p{Noncharacter_Code_Point}/u.test(topic),
    'it contains a character that is none in Unicode, and brokers disconnect for these',
  ],
  [(topic) => Buffer.byteLength(topic) > longest, `it may have at most ${longest} bytes`],
]

/** Nearly all topics are of these alone, and to look through all of Unicode takes V8 half a millisecond when it first does. */
const plain = /^[\w./: -]+$/

/** Why a text cannot be part of a topic to publish on (MQTT 3.1.1, sections 1.5.3 and 4.7), if it cannot. */
export const topicFault = (topic: string): string | undefined =>
  topic.length <= longest && plain.test(topic) ? undefined : faults.find(([when]) => when(topic))?.[1]

/**
 * A list of topics with commas between them: `red_light, blue_light`.
 *
 * @example
 * fields.destinations.parse('red_light, blue_light')
 * // → ['red_light', 'blue_light']
 */
export const destinations = field('topics below RootTopic with commas between them', (text) => {
  const topics = names.safeParse(text).data
  return topics?.every((topic) => destination.safeParse(topic).success) ? topics : undefined
})

/** The name of an Item of openHAB's, which is the topic of what is said to it. */
export const item = field('the name of an Item, of letters, digits and _', (text) =>
  isItem(text) ? text : undefined,
)

/** Whether a destination is one. */
export const isItem = (text: string): boolean => /^\w+$/.test(text)

/** What Home Assistant calls what is said: `temperature`, `garage_door`. */
export const sensorClass = field("a device class of Home Assistant's such as temperature", (text) =>
  /^[a-z][a-z0-9_]*$/.test(text) ? text : undefined,
)

const rootTopicFault = (text: string) =>
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
  (text) => (rootTopicFault(text) === undefined ? text : undefined),
  rootTopicFault,
).meta({ warn: slashWarning })
