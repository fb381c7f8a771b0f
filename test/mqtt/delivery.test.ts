import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MqttClient } from 'mqtt'
import type { Packet } from 'mqtt-packet'
import { firstValueFrom, ignoreElements, map, merge, NEVER, ReplaySubject, take, tap } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Delivery } from '../../src/model.js'
import type { Metrics } from '../../src/delivery/deliveries.js'
import { mqttConnection } from '../../src/mqtt/mqttConnection.js'
import { publisher } from '../../src/mqtt/publisher.js'
import { listener } from '../support/listener.js'
import { marbles } from '../../src/testing/marbles.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { quietLog } from '../support/quietLog.js'
import { tcpProxy } from '../support/tcpProxy.js'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { aedesBroker } from './aedesBroker.js'
import { scriptedBroker } from './scriptedBroker.js'
import { startConnection } from './startConnection.js'

const everything: Delivery = { qos: 1, offline: 'all' }

async function runningBroker() {
  const broker = await mosquitto()
  await broker.start()
  return broker
}

/** The numbers that came in on a topic, without those that came again. */
const numbers = (heard: readonly string[], topic: string) => [
  ...new Set(heard.filter((text) => text.startsWith(`${topic} `)).map((text) => Number(text.split(' ')[1]))),
]

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

describe.skipIf(mosquittoMissing)('a connection to mosquitto', () => {
  it('delivers every reading at QoS 1 with Offline = all, in order, although the broker is killed in the middle', async () => {
    const broker = await runningBroker()
    const { send, logged, lines } = startConnection({ port: broker.port, delivery: everything })
    const { heard, until } = await listener(broker.port, { clientId: 'ear', clean: false })
    await logged(/connected/)
    for (const value of upTo(1000)) send('count', value)
    await until('root/count 200')
    await broker.kill()
    await logged(/lost|cut|reach/, lines.length - 1)
    for (const value of upTo(500)) send('count', 1000 + value)
    // The listener must be back before the backlog goes out.
    await broker.start()
    await until('root/count 1499')
    const missing = upTo(1500).filter((value) => !heard.includes(`root/count ${value}`))
    // What was handed to the broker just before it died, died with it: it had said that it has them.
    expect(missing.every((value) => value < 1000)).toBe(true)
    expect(numbers(heard, 'root/count').filter((value) => value >= 1000)).toEqual(
      upTo(500).map((n) => 1000 + n),
    )
  })

  it('delivers every reading in order although the link is cut again and again', async () => {
    const broker = await runningBroker()
    const proxy = await tcpProxy(broker.port)
    const { heard, until } = await listener(broker.port)
    const { send, logged, lines } = startConnection({ port: proxy.port, delivery: everything })
    await logged(/connected/)
    for (const round of upTo(5)) {
      const links = lines.length
      for (const value of upTo(200)) send('count', round * 200 + value)
      await until(`root/count ${round * 200 + 50}`)
      proxy.cut()
      await logged(/connected/, links)
    }
    await until('root/count 999')
    expect(numbers(heard, 'root/count')).toEqual(upTo(1000))
  })

  it('asks the broker to retain what is to be retained, and repeats it on refresh all the same', async () => {
    const { port } = await runningBroker()
    const { until, client, heard } = await listener(port)
    const { sendReading } = startConnection({ port, delivery: { retain: true } })
    await until('root/status ONLINE')
    sendReading({ destination: 'attic', value: 21 })
    sendReading({ destination: 'cellar', value: 9, delivery: { retain: false } })
    await until('root/cellar 9')
    await client.publishAsync('root/refresh', '')
    await until('root/attic 21', heard.indexOf('root/attic 21') + 1)
    const late = await listener(port)
    await late.until('root/attic 21')
    expect(late.heard).not.toContain('root/cellar 9')
  })
})

it('does not wait for ever for what has no topic', async () => {
  const { port } = await aedesBroker()
  const { until } = await listener(port)
  const { send, stop } = startConnection({ port, delivery: everything, health: 20 })
  await until('root/status ONLINE')
  for (const value of upTo(200)) send('health', value)
  send('attic', 21)
  await until('root/attic 21')
  const began = performance.now()
  await stop()
  expect(performance.now() - began).toBeLessThan(1000)
})

it('tells what has become of readings, on a retained topic and to an observer', async () => {
  const { port } = await aedesBroker()
  const { send } = startConnection({ port, delivery: everything, health: 20 })
  send('attic', 21)
  send('status', 1)
  const { client } = await listener(port)
  const message = await new Promise<string>((resolve) => {
    client.on('message', (topic, payload, { retain }) => {
      const text = payload.toString()
      if (topic === 'root/health' && text.includes('"acknowledged":1')) resolve(`${retain} ${text}`)
    })
  })
  expect(JSON.parse(message.slice(message.indexOf('{')))).toEqual({
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    offered: 2,
    published: 1,
    acknowledged: 1,
    kept: 2,
    waiting: 0,
    inFlight: 0,
    dropped: { offline: 0, superseded: 0, overflow: 0, invalid: 1, refused: 0 },
    reconnects: 0,
  })

  const metrics$ = new ReplaySubject<Metrics>(1)
  const options = {
    name: 'B',
    client: 'b',
    host: '127.0.0.1',
    port,
    keepalive: 0,
    rootTopic: 'b',
    health: 20,
  }
  const running = NEVER.pipe(mqttConnection(options, quietLog(), { metrics: metrics$ })).subscribe()
  onTestFinished(() => running.unsubscribe())
  await expect(firstValueFrom(metrics$, { defaultValue: undefined })).resolves.toMatchObject({
    offered: 0,
    dropped: { offline: 0 },
  })
  running.unsubscribe()
  expect(metrics$.closed).toBe(false)
})

it('has what its broker never got after a restart of the program, from the spool', async () => {
  const file = join(temporaryFolder(), 'home')
  const delivery = { ...everything, spool: 'home' }
  const broker = await mosquitto()
  const first = startConnection({ port: broker.port, delivery, spools: { home: file } })
  await first.logged(/cannot reach/)
  for (const value of upTo(3)) first.send('count', value)
  await first.stop()
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('"count"')

  const { port } = await aedesBroker()
  const { heard, until } = await listener(port)
  startConnection({ port, delivery, spools: { home: file } })
  await until('root/count 2')
  expect(numbers(heard, 'root/count')).toEqual([0, 1, 2])
})

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
    stream: { writableNeedDrain: false },
    publish: (_topic: string, _payload: string, _how: object, done: () => void) => acknowledge.push(done),
  })
  marbles(({ cold, expectObservable }) => {
    const options = { name: '', client: '', host: '', port: 1, keepalive: 0, rootTopic: '' }
    const { publish, overdue$ } = publisher({ ...options, acknowledgeTimeout: 5 }, quietLog())(
      client as unknown as MqttClient,
      () => undefined,
    )
    const events$ = cold('p-----a-p--p---a').pipe(
      tap((event) =>
        event === 'p' ? publish('topic', 'text', { qos: 1, retain: false }) : acknowledge.shift()?.(),
      ),
      ignoreElements(),
    )
    const overdue = '     --------------------(x|)'
    expectObservable(merge(events$, overdue$.pipe(map(() => 'x'))).pipe(take(1))).toBe(overdue)
  })
})

describe.skipIf(mosquittoMissing)('a retained reading', () => {
  it('is there for whoever subscribes later, and not repeated on refresh', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { send, sendReading } = startConnection({ port: broker.port })
    const early = await listener(broker.port)
    await early.until('root/status ONLINE')
    sendReading({ destination: 'bluetooth', value: 'LISTENING', retain: true })
    send('attic', 21)
    await early.until('root/attic 21')
    await early.client.publishAsync('root/refresh', 'now')
    await early.until('root/attic 21', early.heard.indexOf('root/attic 21') + 1)
    expect(early.heard.filter((message) => message.startsWith('root/bluetooth'))).toHaveLength(1)

    const late = await listener(broker.port)
    await late.until('root/bluetooth LISTENING')
    expect(late.heard).not.toContain('root/attic 21')
  })

  it('waits for its broker', async () => {
    const broker = await mosquitto()
    const { sendReading } = startConnection({ port: broker.port })
    sendReading({ destination: 'bluetooth', value: 'DEAF', retain: true })
    sendReading({ destination: 'bluetooth', value: 'LISTENING', retain: true })
    await broker.start()
    const { heard, until } = await listener(broker.port)
    await until('root/bluetooth LISTENING')
    expect(heard).not.toContain('root/bluetooth DEAF')
  })
})
