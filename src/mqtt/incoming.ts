import { isUtf8 } from 'node:buffer'
import type { MqttClient } from 'mqtt'
import { asyncScheduler, filter, fromEvent, mergeMap, Observable, switchMap, throttleTime } from 'rxjs'
import type { Command, Logger } from '../model.js'
import type { MqttOptions } from './options.js'

/** No command is longer; what is may be an attack, and commands wait in queues. */
const longest = 65_536

/**
 * What comes in below the root topic for the actuators: UTF-8 of up to 64 KiB. What is not is refused; the log hears of that once
 * a topic, until a command can be read there again.
 */
export function incomingCommands(
  client: MqttClient,
  { name, rootTopic, commandSources = [] }: Pick<MqttOptions, 'name' | 'rootTopic' | 'commandSources'>,
  log: Logger,
): Observable<Command> {
  const refusing = new Set<string>()
  const topics = commandSources.map((source) => `${rootTopic}/${source}`)
  return messagesOn(client, topics, 1, log).pipe(
    mergeMap(({ topic, payload, retained }) => {
      const fault =
        payload.length > longest
          ? `of ${payload.length} bytes`
          : isUtf8(payload)
            ? undefined
            : 'that is not UTF-8'
      if (fault !== undefined) {
        if (!refusing.has(topic))
          log.warn(`a command on ${topic} ${fault} is refused: expected a text of up to 64 KiB`)
        refusing.add(topic)
        return []
      }
      refusing.delete(topic)
      const source = topic.slice(rootTopic.length + 1)
      const text = Buffer.from(payload).toString()
      return [{ source, payload: text, from: name, ...(retained && { retained }) }]
    }),
  )
}

/** What comes in on the topic on which people ask for the latest readings; an old request that was retained is none. */
export const refreshRequests = (client: MqttClient, topic: string, log: Logger): Observable<Message> =>
  fromEvent(client, 'connect').pipe(
    // At QoS 1 a cluster keeps a queue for us on one of its nodes, and lets us in nowhere while that node is down.
    switchMap(() => messagesOn(client, [topic], 0, log)),
    filter(({ retained }) => !retained),
    // Whoever asks without pause is answered ten times a second; each answer is the latest of everything.
    throttleTime(100, asyncScheduler, { leading: true, trailing: true }),
  )

/** What comes in on a topic, whatever its bytes. */
interface Message {
  readonly topic: string
  readonly payload: Uint8Array
  /** It was said before we came, and the broker kept it. */
  readonly retained: boolean
}

/** Subscribes to topics at the broker and emits every message on them. The log hears of a broker that refuses. */
const messagesOn = (
  client: MqttClient,
  topics: readonly string[],
  qos: 0 | 1,
  log: Logger,
): Observable<Message> =>
  new Observable((subscriber) => {
    client.on('message', (topic, payload, { retain }) => {
      if (topics.includes(topic)) subscriber.next({ topic, payload, retained: retain })
    })
    for (const topic of topics) {
      client.subscribe(topic, { qos }, (error) => {
        if (error?.message.startsWith('Subscribe error'))
          log.warn(
            `the broker does not let us read ${topic}: nothing comes of messages there until it allows that`,
          )
      })
    }
  })
