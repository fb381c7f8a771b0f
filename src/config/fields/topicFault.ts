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
