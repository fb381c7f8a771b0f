import { Observable } from 'rxjs'
import type { MqttClient } from 'mqtt'
import { statusFormat } from './statusFormat.js'

/** Publishes a retained status at QoS 1 and completes, with one emission, when the broker has acknowledged it. */
export const announce = (client: MqttClient, topic: string, status: 'ONLINE' | 'OFFLINE'): Observable<void> =>
  new Observable((subscriber) => {
    client.publish(topic, status, { qos: 1, retain: true, properties: statusFormat }, (error) => {
      if (error) return
      subscriber.next()
      subscriber.complete()
    })
  })
