import { EventEmitter } from 'node:events'
import type { MqttClient } from 'mqtt'
import type { Packet } from 'mqtt-packet'
import { ignoreElements, map, merge, take, tap } from 'rxjs'
import { expect, it } from 'vitest'
import { publisher } from '../../src/mqtt/publisher.js'
import { marbles } from '../support/marbles.js'
import { quietLog } from '../support/quietLog.js'
import { scriptedBroker } from './scriptedBroker.js'
import { startConnection } from './startConnection.js'

/** Brokers that limit their clients do this: what is too much for them they take, and never acknowledge. */
const acknowledging = (acknowledges: (links: number) => boolean) => {
  let links = 0
  return scriptedBroker((packet: Packet): Packet[] => {
    if (packet.cmd === 'connect') {
      links += 1
      return [{ cmd: 'connack', reasonCode: 0, sessionPresent: false }]
    }
    if (packet.cmd === 'pingreq') return [{ cmd: 'pingresp' }]
    if (packet.cmd !== 'publish' || packet.qos === 0) return []
    const isReading = packet.topic === 'root/count'
    return isReading && !acknowledges(links) ? [] : [{ cmd: 'puback', messageId: packet.messageId ?? 0 }]
  })
}
const options = { version: '5', delivery: { qos: 1, offline: 'all' }, acknowledgeTimeout: 200 } as const

it('gives up a broker that no longer acknowledges, says so, and delivers everything by the next link', async () => {
  const broker = await acknowledging((links) => links > 1)
  const { send, logged } = startConnection({ port: broker.port, ...options })
  await logged(/connected/)
  const count = 150
  for (let value = 0; value < count; value += 1) send('count', value)
  await logged(/lost broker .*PUBACK_TIMEOUT/)
  await broker.received.until(
    (packet) => packet.cmd === 'publish' && packet.payload.toString() === String(count - 1),
  )
  const values = broker
    .publishes()
    .flatMap(({ topic, payload }) => (topic === 'root/count' ? Number(payload) : []))
  expect([...new Set(values)]).toEqual(Array.from({ length: count }, (_, value) => value))
})

it('keeps a broker that acknowledges late, but in time', () => {
  const acknowledge: (() => void)[] = []
  const client = Object.assign(new EventEmitter(), {
    connected: true,
    publish: (_topic: string, _payload: string, _how: object, done: () => void) => acknowledge.push(done),
  })
  marbles(({ cold, expectObservable }) => {
    const options = { name: '', client: '', host: '', port: 1, keepalive: 0, rootTopic: '' }
    const { publish, overdue$ } = publisher(
      { ...options, acknowledgeTimeout: 5 },
      quietLog(),
    )(client as unknown as MqttClient)
    const events$ = cold('p-----a-p--p---a').pipe(
      tap((event) => (event === 'p' ? publish('topic', 'text', { qos: 1 }) : acknowledge.shift()?.())),
      ignoreElements(),
    )
    const overdue = '     --------------------(x|)'
    expectObservable(merge(events$, overdue$.pipe(map(() => 'x'))).pipe(take(1))).toBe(overdue)
  })
})
