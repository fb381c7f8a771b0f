import { connect } from 'node:net'
import { MqttClient } from 'mqtt'
import { asyncScheduler, Observable } from 'rxjs'
import type { TopicRow } from './demoTable.js'

export interface WatchOptions {
  readonly port: number
  readonly username: string
  readonly password: string
  readonly filter: string
}

/** An independent MQTT client: emits what it has seen on every topic whenever another message comes in. */
export const watchTopics = ({
  port,
  filter,
  ...login
}: WatchOptions): Observable<ReadonlyMap<string, TopicRow>> =>
  new Observable((subscriber) => {
    const rows = new Map<string, TopicRow>()
    const client = new MqttClient(() => connect(port), { reconnectPeriod: 200, ...login })
    client.on('error', () => undefined)
    client.on('connect', () => client.subscribe(filter))
    client.on('message', (topic, payload) => {
      const count = (rows.get(topic)?.count ?? 0) + 1
      rows.set(topic, { topic, value: payload.toString(), count, at: asyncScheduler.now() })
      subscriber.next(rows)
    })
    return () => client.end(true)
  })
