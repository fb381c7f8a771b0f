import { concatMap, interval, map, merge, mergeMap, range, timer } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { goveeSensor } from '../../src/ble/bleSensor.js'
import { mqttConnection } from '../../src/mqtt/mqttConnection.js'
import { advertisement } from '../../src/testing/advertisement.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { recordedLog } from '../support/recordedLog.js'
import { tcpProxy } from '../support/tcpProxy.js'
import { startConnection } from './startConnection.js'

const five = ['temp_c', 'temp_f', 'humi', 'battery', 'rssi']
const topics = five.map((name) => `root/${name}`)

/** Messages on the five topics, and nothing else, between two positions of what was heard. */
const readingsIn = (heard: readonly string[]) =>
  heard.filter((text) => topics.includes(text.split(' ')[0] ?? ''))

async function runningBroker(options?: Parameters<typeof mosquitto>[0]) {
  const broker = await mosquitto(options)
  await broker.start()
  return broker
}

describe.skipIf(mosquittoMissing)('a connection to mosquitto', () => {
  it('says ONLINE, then publishes readings as they come', async () => {
    const broker = await runningBroker()
    const { heard, until } = await listener(broker.port)
    const { send } = startConnection({ port: broker.port })
    await until('root/status ONLINE')
    send('temp_c', 21.7)
    send('motion', true)
    await until('root/motion true')
    expect(heard).toEqual(['root/status ONLINE', 'root/temp_c 21.7', 'root/motion true'])
  })

  it('retains the status, and no reading', async () => {
    const broker = await runningBroker()
    const { send } = startConnection({ port: broker.port })
    const early = await listener(broker.port)
    await early.until('root/status ONLINE')
    send('temp_c', 1)
    await early.until('root/temp_c 1')
    const late = await listener(broker.port, {})
    await late.client.publishAsync('end', '')
    await late.until('end ')
    expect(late.heard).toEqual(['root/status ONLINE', 'end '])
  })

  it('says again what a broker that was restarted has forgotten to retain', async () => {
    const broker = await runningBroker()
    const { sendReading } = startConnection({ port: broker.port })
    const early = await listener(broker.port)
    await early.until('root/status ONLINE')
    sendReading({ destination: 'radio', value: 'LISTENING', retain: true })
    await early.until('root/radio LISTENING')
    await broker.kill()
    await broker.start()
    const late = await listener(broker.port)
    await late.until('root/radio LISTENING')
  })

  it('publishes only what is addressed to it or to all', async () => {
    const broker = await runningBroker()
    const { heard, until } = await listener(broker.port)
    const { sendReading } = startConnection({ port: broker.port, name: 'A' })
    await until('root/status ONLINE')
    sendReading({ destination: 'b', value: 1, to: ['B'] })
    sendReading({ destination: 'ab', value: 2, to: ['A', 'B'] })
    sendReading({ destination: 'all', value: 3 })
    await until('root/all 3')
    expect(heard).toEqual(['root/status ONLINE', 'root/ab 2', 'root/all 3'])
  })

  it('starts before its broker, says so once, and has the latest readings when it comes', async () => {
    const broker = await mosquitto()
    const { send, logged, lines } = startConnection({ port: broker.port })
    await logged(/cannot reach broker .* is it running/)
    for (const value of [1, 2]) send('temp_c', value)
    await broker.start()
    await logged(/connected/)
    const { until, client } = await listener(broker.port)
    await client.publishAsync('root/refresh', '')
    await until('root/temp_c 2')
    expect(lines).toHaveLength(2)
  })

  it('sends the latest of each destination exactly once when a killed broker is back', async () => {
    const broker = await runningBroker()
    const proxy = await tcpProxy(broker.port)
    const { send, logged, lines } = startConnection({ port: proxy.port })
    await logged(/connected/)
    for (const name of five) send(name, 1)
    // The proxy keeps it out until somebody listens.
    proxy.refuse(true)
    await broker.kill()
    await logged(/lost|cut/)
    for (const value of [2, 3]) for (const name of ['temp_c', 'temp_f']) send(name, value)
    await broker.start()
    const { heard, until } = await listener(broker.port)
    proxy.refuse(false)
    await logged(/connected/, lines.length)
    send('end', 1)
    await until('root/end 1')
    expect(heard[0]).toBe('root/status ONLINE')
    expect(readingsIn(heard).sort()).toEqual([
      'root/battery 1',
      'root/humi 1',
      'root/rssi 1',
      'root/temp_c 3',
      'root/temp_f 3',
    ])
  })

  it.each([
    ['empty', ''],
    ['large', 'x'.repeat(300_000)],
    ['binary', Buffer.from([0xff, 0xfe, 0, 1, 0xc0])],
  ])('repeats exactly the latest five when an %s message asks for it', async (_kind, request) => {
    const broker = await runningBroker()
    const { heard, until, client } = await listener(broker.port)
    const { send } = startConnection({ port: broker.port })
    await until('root/status ONLINE')
    for (const value of [1, 2]) for (const name of five) send(name, value)
    await until('root/rssi 2')
    const before = heard.length
    await client.publishAsync('root/refresh', request)
    await until('root/rssi 2', before)
    send('end', 1)
    await until('root/end 1')
    expect(readingsIn(heard.slice(before))).toEqual(topics.map((topic) => `${topic} 2`))
  })

  it('answers a refresh before the first reading with nothing, then and later', async () => {
    const broker = await runningBroker()
    const { heard, until, client } = await listener(broker.port)
    const { send } = startConnection({ port: broker.port })
    await until('root/status ONLINE')
    await client.publishAsync('root/refresh', '')
    await client.publishAsync('root/refresh', '', { qos: 1 })
    send('temp_c', 1)
    send('end', 1)
    await until('root/end 1')
    expect(readingsIn(heard)).toEqual(['root/temp_c 1'])
  })

  it('says OFFLINE before it completes, and leaves no will behind', async () => {
    const broker = await runningBroker()
    const { heard, until } = await listener(broker.port)
    const { send, stop, logged } = startConnection({ port: broker.port })
    // Others may hear ONLINE before we know that the broker has it.
    await Promise.all([until('root/status ONLINE'), logged(/connected/)])
    send('temp_c', 1)
    await stop()
    await until('root/status OFFLINE')
    const { heard: retained, until: untilRetained } = await listener(broker.port)
    await untilRetained('root/status OFFLINE')
    expect(retained).toEqual(['root/status OFFLINE'])
    expect(heard).toEqual(['root/status ONLINE', 'root/temp_c 1', 'root/status OFFLINE'])
  })

  it('says OFFLINE too when it is unsubscribed', async () => {
    const broker = await runningBroker()
    const { heard, until } = await listener(broker.port)
    const { unsubscribe } = startConnection({ port: broker.port })
    await until('root/status ONLINE')
    unsubscribe()
    await until('root/status OFFLINE')
    expect(heard).toEqual(['root/status ONLINE', 'root/status OFFLINE'])
  })

  it('has the broker say OFFLINE when its process dies, and is ONLINE again after the next connect', async () => {
    const broker = await runningBroker()
    const { heard, until } = await listener(broker.port)
    const proxy = await tcpProxy(broker.port)
    startConnection({ port: proxy.port })
    await until('root/status ONLINE')
    proxy.cut()
    await until('root/status OFFLINE')
    await until('root/status ONLINE', 1)
    expect(heard).toEqual(['root/status ONLINE', 'root/status OFFLINE', 'root/status ONLINE'])
  })

  it('completes within its bound when the broker hangs', async () => {
    const broker = await runningBroker()
    const { logged, stop } = startConnection({ port: broker.port })
    await logged(/connected/)
    await broker.kill('SIGSTOP')
    const began = performance.now()
    await stop()
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('gives a frozen broker up by its keep-alive and finds it again when it thaws', async () => {
    const broker = await runningBroker()
    const { send, logged, lines } = startConnection({
      port: broker.port,
      keepalive: 1000,
      connectTimeout: 300,
    })
    await logged(/connected/)
    await broker.kill('SIGSTOP')
    send('temp_c', 1)
    await logged(/lost broker .*KEEPALIVE_TIMEOUT/)
    await logged(/no answer from broker .*CONNACK_TIMEOUT/)
    send('temp_c', 2)
    await broker.kill('SIGCONT')
    await logged(/connected/, lines.length)
    const { until, client } = await listener(broker.port)
    await client.publishAsync('root/refresh', '')
    await expect(until('root/temp_c 2')).resolves.toBeDefined()
  })

  it('finds a half-open link by its keep-alive', async () => {
    const broker = await runningBroker()
    const proxy = await tcpProxy(broker.port)
    const { logged, lines } = startConnection({ port: proxy.port, keepalive: 1000 })
    await logged(/connected/)
    proxy.swallow(true)
    await logged(/lost broker .*KEEPALIVE_TIMEOUT/)
    proxy.swallow(false)
    await expect(logged(/connected/, lines.length)).resolves.toBeDefined()
  })

  it('keeps only the latest of what a frozen broker without keep-alive does not take', async () => {
    const broker = await runningBroker()
    const { send, logged } = startConnection({ port: broker.port, keepalive: 0 })
    const { heard, until } = await listener(broker.port)
    await logged(/connected/)
    await broker.kill('SIGSTOP')
    const last = 500_000
    for (let value = 0; value <= last; value += 1) send(five[value % 5] ?? '', value)
    await broker.kill('SIGCONT')
    for (const back of [4, 3, 2, 1, 0]) await until(`root/${five[(last - back) % 5] ?? ''} ${last - back}`)
    expect(heard.length).toBeLessThan(last / 2)
  })

  it('says a wrong password once, aloud and without the password, and is in when it is right', async () => {
    const broker = await runningBroker({ users: { user: 'other' } })
    const { logged, lines } = startConnection({
      port: broker.port,
      login: { user: 'user', password: 'p#ss;word' },
    })
    await logged(/^error: login refused by broker .* check User and Password/)
    broker.setUsers({ user: 'p#ss;word' })
    await broker.kill('SIGHUP')
    await logged(/connected/)
    expect(lines).toHaveLength(2)
    expect(lines.join()).not.toContain('p#ss;word')
  })

  it('is not held up by another connection whose broker is dead', async () => {
    const [dead, alive] = [await mosquitto(), await runningBroker()]
    const { until } = await listener(alive.port)
    const lost = startConnection({ port: dead.port })
    const { send, stop } = startConnection({ port: alive.port })
    lost.send('temp_c', 1)
    await lost.logged(/cannot reach/)
    send('temp_c', 1)
    await until('root/temp_c 1')
    await Promise.all([stop(), lost.stop()])
    await expect(until('root/status OFFLINE')).resolves.toBeDefined()
  })

  it('retains nothing of 30 000 strangers who pass by, and the status of who stays', async () => {
    const broker = await runningBroker()
    const { until } = await listener(broker.port)
    const expire = 2000
    const packet = advertisement({ model: 'H5075', temperature: 21, humidity: 50, battery: 90 })
    const passer = (index: number) => {
      const digits = index.toString(16).padStart(4, '0')
      const address = `a4:c1:38:00:${digits.slice(0, 2)}:${digits.slice(2)}`
      return { ...packet, address, localName: `GVH5075_${digits.toUpperCase()}` }
    }
    const strangers = 30_000
    const neighbour = { ...packet, address: 'a4:c1:38:ff:ff:ff', localName: 'GVH5075_FFFF' }
    const heard$ = merge(
      range(0, strangers / 100).pipe(
        concatMap((hundred) => timer(0).pipe(mergeMap(() => range(hundred * 100, 100)))),
        map(passer),
      ),
      interval(expire / 4).pipe(map(() => neighbour)),
    )
    const options = { name: 'MQTT', client: 'test', host: '127.0.0.1', port: broker.port }
    const { log } = recordedLog()
    const connection = mqttConnection({ ...options, rootTopic: 'root' }, log)
    const running = goveeSensor(heard$, { destination: 'govee', expire }).pipe(connection).subscribe()
    onTestFinished(() => running.unsubscribe())
    // Of the last one is cleared what an earlier run may have left; by then it has long been so with the others.
    await until(`root/govee/${passer(strangers - 1).localName}/status `)
    await until('root/govee/GVH5075_FFFF/status ONLINE')

    const later = await listener(broker.port)
    await later.client.publishAsync('end', '')
    await later.until('end ')
    const retained = later.heard.filter((message) => / (ONLINE|OFFLINE)$/.test(message))
    expect(retained.toSorted()).toEqual(['root/govee/GVH5075_FFFF/status ONLINE', 'root/status ONLINE'])
  })

  it('notices that somebody else has its client id, and says so once', async () => {
    const broker = await runningBroker()
    const [one, two] = [startConnection({ port: broker.port }), startConnection({ port: broker.port })]
    const hint = /does another program use the client id "test"\?/
    await Promise.all([one.logged(hint), two.logged(hint)])
    for (const { lines } of [one, two]) expect(lines.filter((line) => hint.test(line))).toHaveLength(1)
  })
})
