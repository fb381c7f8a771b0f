import type { MqttClient } from 'mqtt'
import { Observable } from 'rxjs'
import { reasonCode } from './reasonCode.js'

/**
 * Emits why a client loses its link, as the cause of a LinkError: an error, the goodbye of a broker that speaks MQTT 5
 * (`DISCONNECT_0x8E`), or `undefined` when it was just closed.
 */
export const endings = (client: MqttClient): Observable<Error | undefined> =>
  new Observable((subscriber) => {
    client.on('error', (error) => subscriber.next(error))
    client.on('disconnect', ({ reasonCode: code = 0 }) => {
      const error = new Error('the broker says goodbye')
      subscriber.next(Object.assign(error, { code: `DISCONNECT_${reasonCode(code)}` }))
    })
    client.on('close', () => subscriber.next(undefined))
  })
