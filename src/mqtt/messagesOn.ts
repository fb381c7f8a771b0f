import type { MqttClient } from 'mqtt'
import { Observable } from 'rxjs'
import type { Logger } from '../logging/logger.js'

/**
 * Subscribes to a topic at the broker and emits at every message on it, whatever its bytes. What was retained does
 * not count: it was said before we came. A broker that refuses is said in the log.
 */
export const messagesOn = (client: MqttClient, topic: string, log: Logger): Observable<void> =>
  new Observable((subscriber) => {
    client.on('message', (arrivedOn, _payload, { retain }) => {
      if (arrivedOn === topic && !retain) subscriber.next()
    })
    client.subscribe(topic, (error) => {
      if (error?.message.startsWith('Subscribe error'))
        log.warn(
          `the broker does not let us read ${topic}: nothing comes of messages there until it allows that`,
        )
    })
  })
