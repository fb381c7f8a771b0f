import { isUtf8 } from 'node:buffer'
import type { MqttClient } from 'mqtt'
import {
  asyncScheduler,
  filter,
  fromEvent,
  mergeMap,
  Observable,
  type OperatorFunction,
  switchMap,
  throttleTime,
} from 'rxjs'
import type { Command, Logger } from '../model.js'

/** What comes in on a topic, whatever its bytes. */
interface Message {
  readonly topic: string
  readonly payload: Uint8Array
  /** It was said before we came, and the broker kept it. */
  readonly retained: boolean
}

/** Subscribes to topics at the broker and emits every message on them. A broker that refuses is said in the log. */
export const messagesOn = (
  client: MqttClient,
  topics: readonly string[],
  log: Logger,
  qos: 0 | 1 = 1,
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

/** No command is longer; what is may be an attack, and commands wait in queues. */
const longest = 65_536

/**
 * Reads messages below `rootTopic` as commands, which are UTF-8 of up to 64 KiB. What is not is refused; that is said in
 * the log once a topic, until a command can be read there again.
 */
export function readCommands(
  from: string,
  rootTopic: string,
  log: Logger,
): OperatorFunction<Message, Command> {
  const refusing = new Set<string>()
  return mergeMap(({ topic, payload, retained }) => {
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
    return [{ source, payload: text, from, ...(retained && { retained }) }]
  })
}

/** What comes in on the topic on which people ask for the latest readings; an old request that was retained is none. */
export const refreshRequests = (client: MqttClient, topic: string, log: Logger): Observable<Message> =>
  fromEvent(client, 'connect').pipe(
    // At QoS 1 a cluster keeps a queue for us on one of its nodes, and lets us in nowhere while that node is down.
    switchMap(() => messagesOn(client, [topic], log, 0)),
    filter(({ retained }) => !retained),
    // Whoever asks without pause is answered ten times a second; each answer is the latest of everything.
    throttleTime(100, asyncScheduler, { leading: true, trailing: true }),
  )
