import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as openSocket } from 'node:net'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { firstValueFrom, Subscription } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embeddedBroker, type EmbeddedBrokerOptions } from '../../src/mqtt/embeddedBroker.js'

const silent = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 }

let running: Subscription
beforeEach(() => {
  running = new Subscription()
})
afterEach(() => running.unsubscribe())

const start = (options: Partial<EmbeddedBrokerOptions> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const broker$ = embeddedBroker({ host: 'localhost', port: 0, log: silent, ...options })
    running.add(broker$.subscribe({ next: ({ port }) => resolve(port), error: reject }))
  })

const client = (port: number, options: IClientOptions = {}): Promise<MqttClient> => {
  const made = mqtt.connect({ host: '127.0.0.1', port, reconnectPeriod: 0, ...options })
  running.add(() => made.end(true))
  return new Promise((resolve, reject) => {
    made.once('connect', () => resolve(made)).once('error', reject)
  })
}

const nextMessage = (listener: MqttClient): Promise<string> =>
  new Promise((resolve) => {
    listener.once('message', (topic, payload) => resolve(`${topic} ${payload.toString()}`))
  })

describe('embeddedBroker', () => {
  it('brings a message from one client to another', async () => {
    const port = await start()
    const [alice, bob] = await Promise.all([client(port), client(port)])
    await bob.subscribeAsync('attic/#')
    const heard = nextMessage(bob)
    await alice.publishAsync('attic/temp_c', '21.7')
    expect(await heard).toBe('attic/temp_c 21.7')
  })

  it('keeps retained messages for those who come later', async () => {
    const port = await start()
    const alice = await client(port)
    await alice.publishAsync('status', 'ONLINE', { retain: true, qos: 1 })
    const bob = await client(port)
    const heard = nextMessage(bob)
    await bob.subscribeAsync('status')
    expect(await heard).toBe('status ONLINE')
  })

  it('publishes the will of a client that is gone without a word', async () => {
    const port = await start()
    const bob = await client(port)
    await bob.subscribeAsync('status')
    const alice = await client(port, {
      will: { topic: 'status', payload: Buffer.from('OFFLINE'), qos: 1, retain: true },
    })
    const heard = nextMessage(bob)
    alice.stream.destroy()
    expect(await heard).toBe('status OFFLINE')
  })

  it('lets in who knows user and password, and nobody else', async () => {
    const port = await start({ user: 'user', password: 'secret' })
    await expect(client(port, { username: 'user', password: 'secret' })).resolves.toBeDefined()
    const refused = expect.objectContaining({ code: 4 }) as unknown
    await expect(client(port, { username: 'user', password: 'wrong' })).rejects.toEqual(refused)
    await expect(client(port, { username: 'other', password: 'secret' })).rejects.toEqual(refused)
    await expect(client(port, { username: 'user' })).rejects.toEqual(refused)
    await expect(client(port)).rejects.toEqual(refused)
  })

  it('survives clients that send garbage, half a packet or nothing', async () => {
    const port = await start()
    const connectPacket = Buffer.from('101000044d5154540402003c000474657374', 'hex')
    const attacks = [
      randomBytes(4096),
      connectPacket.subarray(0, 9),
      Buffer.concat([connectPacket, randomBytes(512)]),
      Buffer.concat([connectPacket, Buffer.from('30ffffff7f00', 'hex')]),
      Buffer.alloc(0),
    ]
    for (const attack of attacks) {
      const socket = openSocket(port, '127.0.0.1').on('error', () => 0)
      await once(socket, 'connect')
      socket.end(attack)
      socket.resume()
      await once(socket, 'close')
    }
    expect((await client(port)).connected).toBe(true)
  })

  it('says what to do when the port is taken, and leaves the cause to the program', async () => {
    const port = await start()
    const second = start({ port })
    await expect(second).rejects.toThrow(
      `The embedded broker cannot listen on port ${port} of localhost: it is taken. Is another broker running?`,
    )
    await expect(second).rejects.toMatchObject({ cause: { code: 'EADDRINUSE' } })
  })

  it('closes every connection and its port when it is unsubscribed', async () => {
    const port = await start()
    const idle = openSocket(port, '127.0.0.1').on('error', () => 0)
    const alice = await client(port)
    const closed = Promise.all([once(idle, 'close'), once(alice.stream, 'close')])
    running.unsubscribe()
    await closed
    const late = openSocket(port, '127.0.0.1')
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
  })

  it('can be started again on the same port at once', async () => {
    const broker$ = embeddedBroker({ host: 'localhost', port: await start(), log: silent })
    running.unsubscribe()
    const { port } = await firstValueFrom(broker$, { defaultValue: { port: 0 } })
    expect(port).toBeGreaterThan(0)
  })

  it('starts nothing when it is unsubscribed before it listens', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
    running.add(embeddedBroker({ host: 'localhost', port: 0, log: silent }).subscribe({ error: () => 0 }))
    running.unsubscribe()
    await import('aedes')
    expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap')).toHaveLength(before)
  })

  const attacker = (port: number) => openSocket(port, '127.0.0.1').on('error', () => 0)

  it('ends at the header of a packet that is too large, before a login and after', async () => {
    const port = await start()
    const first = attacker(port)
    first.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]))
    await once(first.resume(), 'close')
    const alice = await client(port)
    alice.on('error', () => 0)
    alice.stream.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))
    await once(alice.stream, 'close')
    await expect(client(port)).resolves.toBeDefined()
  })

  it('ends a connection that says no CONNECT in its time, and not one that did', async () => {
    const port = await start({ connectWithin: 1000 })
    const alice = await client(port)
    const idle = attacker(port)
    const slow = attacker(port)
    // Half a CONNECT is none.
    slow.write(Buffer.from('101000044d515454', 'hex'))
    await Promise.all([idle, slow].map((socket) => once(socket.resume(), 'close')))
    expect(alice.connected).toBe(true)
    await alice.publishAsync('attic/temp_c', '21.7', { qos: 1 })
  })

  it('refuses the connection beyond the last that may be, says so once, and takes one again when another is gone', async () => {
    const warnings: unknown[] = []
    const port = await start({
      mostConnections: 5,
      log: { ...silent, warn: (text) => warnings.push(text) },
    })
    const [alice, ...others] = await Promise.all(Array.from({ length: 5 }, () => client(port)))
    for (const socket of [attacker(port), attacker(port)]) await once(socket.resume(), 'close')
    expect([alice, ...others].map((one) => one?.connected)).toEqual([true, true, true, true, true])
    expect(warnings).toEqual(['embedded broker: more than 5 connections at once: the others are refused'])
    await alice?.endAsync()
    await expect
      .poll(() => client(port).catch(() => undefined), { timeout: 20_000 })
      .toMatchObject({ connected: true })
  })

  it('refuses the 501st connection', async () => {
    const warnings: unknown[] = []
    const port = await start({ log: { ...silent, warn: (text) => warnings.push(text) } })
    // An MQTT client each would be slow: this is CONNECT, and CONNACK is the answer.
    const logIn = async (index: number) => {
      const id = Buffer.from(`c${String(index).padStart(3, '0')}`)
      const socket = attacker(port)
      running.add(() => socket.destroy())
      socket.write(Buffer.concat([Buffer.from('101000044d5154540402003c0004', 'hex'), id]))
      return once(socket, 'data')
    }
    for (let index = 0; index < 500; index += 50)
      await Promise.all(Array.from({ length: 50 }, (_, offset) => logIn(index + offset)))
    await once(attacker(port).resume(), 'close')
    expect(warnings).toEqual(['embedded broker: more than 500 connections at once: the others are refused'])
  })

  it('turns away the oldest of those who do not log in, and lets in who does', async () => {
    const port = await start()
    const sockets = Array.from({ length: 300 }, () => attacker(port).resume())
    const closed = Promise.all(sockets.slice(0, 200).map((socket) => once(socket, 'close')))
    await closed
    await expect(client(port)).resolves.toBeDefined()
    for (const socket of sockets) socket.destroy()
  })

  it('retains no more than 10 000 topics, and passes on the others', async () => {
    const warnings: unknown[] = []
    const port = await start({ log: { ...silent, warn: (text) => warnings.push(text) } })
    const alice = await client(port)
    const publish = (index: number) => alice.publishAsync(`t/${index}`, 'x', { retain: true, qos: 1 })
    for (let index = 0; index < 10_100; index += 100)
      await Promise.all(Array.from({ length: 100 }, (_, offset) => publish(index + offset)))
    const bob = await client(port)
    const heard: string[] = []
    bob.on('message', (topic) => heard.push(topic))
    await bob.subscribeAsync('t/9999')
    await bob.subscribeAsync('t/10000')
    await alice.publishAsync('t/10000', 'now', { retain: true, qos: 1 })
    await expect.poll(() => heard).toEqual(['t/9999', 't/10000'])
    expect(warnings).toHaveLength(1)
  })
})
