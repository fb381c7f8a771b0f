import type { MqttClient } from 'mqtt'
import { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'

/** What comes in on a topic, whatever its bytes. */
export interface Message {
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
