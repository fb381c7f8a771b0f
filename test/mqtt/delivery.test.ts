import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstValueFrom, NEVER, ReplaySubject } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Delivery } from '../../src/model.js'
import type { Metrics } from '../../src/mqtt/metrics.js'
import { mqttConnection } from '../../src/mqtt/mqttConnection.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { quietLog } from '../support/quietLog.js'
import { tcpProxy } from '../support/tcpProxy.js'
import { aedesBroker } from './aedesBroker.js'
import { startConnection } from './startConnection.js'

const everything: Delivery = { qos: 1, offline: 'all' }

async function runningBroker() {
  // Whoever listens is told everything, however much that is at once, also what came while it was away.
  const broker = await mosquitto({ lines: ['max_queued_messages 0'] })
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
})

it('has what its broker never got after a restart of the program, from the spool', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'home')
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
