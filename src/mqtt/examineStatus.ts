import type { MqttClient } from 'mqtt'
import { Observable, of, timeout } from 'rxjs'
import { quoteText } from '../config/quoteText.js'
import type { Finding } from '../doctor/finding.js'
import type { MqttOptions } from './mqttOptions.js'

/** A broker sends what is retained along with its acknowledgement. */
const patience = 1000

/**
 * What can be known about whether the client id is in use: a broker does not tell, and to try would cut off who uses it. But
 * a reporter that is there says ONLINE.
 */
export const examineStatus = (client: MqttClient, options: MqttOptions): Observable<Finding> => {
  const status = `${options.rootTopic}/status`
  const id = `client id ${quoteText(options.client)}`
  const finding = (text: string): Finding => ({ ok: true, text })
  return new Observable<Finding>((subscriber) => {
    client.on('message', (topic, payload) => {
      if (topic !== status) return
      subscriber.next(
        payload.toString() === 'ONLINE'
          ? finding(
              `${id}: a reporter is ONLINE on ${status}; if it is not the daemon of this very configuration, choose another Client and RootTopic`,
            )
          : finding(`${id}: no reporter is ONLINE on ${status}, so it is free unless others use it`),
      )
      subscriber.complete()
    })
    client.subscribe(status)
  }).pipe(
    timeout({
      first: patience,
      with: () =>
        of(finding(`${id}: no reporter has been seen on ${status}, so it is free unless others use it`)),
    }),
  )
}
