import fc from 'fast-check'
import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { guarded, longestPacket } from '../../src/mqtt/guard.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { tcpServer } from '../support/tcpServer.js'
import { scriptedBroker } from './scriptedBroker.js'
import { startConnection } from './startConnection.js'

const connack = Buffer.from([0x20, 2, 0, 0])

const message = (payload: Buffer, qos: 0 | 1 = 0) =>
  generate({ cmd: 'publish', topic: 'root/lamp', qos, payload, messageId: 1, retain: false, dup: false })

/** A guard, and the other end of what it stands before; all that comes through. */
const guard = () => {
  const [near, far] = duplexPair()
  const through: Buffer[] = []
  const stream = guarded(near).on('data', (bytes: Buffer) => through.push(bytes))
  const ended = once(stream, 'error').then(([error]) => error as NodeJS.ErrnoException)
  ended.catch(() => undefined)
  return { far: far, stream, through: () => Buffer.concat(through), ended }
}

describe('guarded', () => {
  it('lets through what a broker may send, byte for byte, however it is cut', async () => {
    const packets = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 400 }).map((payload) => message(Buffer.from(payload), 1)),
        fc.constantFrom(
          Buffer.from([0x40, 2, 0, 1]),
          Buffer.from([0xd0, 0]),
          Buffer.from([0x90, 3, 0, 1, 0]),
        ),
      ),
      { maxLength: 1500 },
    )
    await fc.assert(
      fc.asyncProperty(packets, fc.integer({ min: 1, max: 5000 }), async (sent, size) => {
        const { far, stream, through } = guard()
        const bytes = Buffer.concat([connack, ...sent])
        for (let at = 0; at < bytes.length; at += size) far.write(bytes.subarray(at, at + size))
        far.end()
        await once(stream, 'close')
        expect(through().equals(bytes)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('ends at the header of a packet that is too long, with what came before it delivered', async () => {
    const { far, through, ended } = guard()
    far.write(Buffer.concat([connack, message(Buffer.alloc(65_536))]))
    far.write(message(Buffer.alloc(longestPacket)).subarray(0, 20))
    const error = await ended
    expect(error).toMatchObject({ code: 'PACKET_TOO_LARGE', topic: 'root/lamp' })
    expect(error.message).toBe(
      `it sends a message of ${longestPacket + 11} bytes on "root/lamp", and no command has more than 64 KiB`,
    )
    expect(through().length).toBe(4 + message(Buffer.alloc(65_536)).length)
  })

  it.each([
    ['MALFORMED', Buffer.from('HTTP/1.1 400')],
    ['PROTOCOL_ERROR', Buffer.concat([connack, connack])],
    ['PROTOCOL_ERROR', Buffer.concat([connack, Buffer.from([0x34, 4, 0, 1, 0x61, 0, 1])])],
    ['PROTOCOL_ERROR', Buffer.concat([connack, Buffer.from([0x62, 2, 0, 1])])],
    ['PROTOCOL_ERROR', Buffer.concat([connack, Buffer.from([0x82, 2, 0, 1])])],
    ['PACKET_TOO_LARGE', Buffer.from([0x20, 0xff, 0xff, 0xff, 0x7f])],
    ['PACKET_TOO_LARGE', Buffer.concat([connack, Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff])])],
  ])('ends with %s', async (code, bytes) => {
    const { far, ended } = guard()
    far.write(bytes)
    expect((await ended).code).toBe(code)
  })

  it('reads no more of who does not read the answers', async () => {
    const [near, far] = duplexPair()
    let passed = 0
    const stream = guarded(near)
    stream.on('data', (bytes: Buffer) => {
      passed += bytes.length
      stream.write(Buffer.alloc(4))
    })
    const asking = message(Buffer.from('ON'), 1)
    let taken = 0
    far.write(connack)
    const block = Buffer.concat(Array<Buffer>(1000).fill(asking))
    for (; taken < 100 && far.write(block); taken += 1) await new Promise((resolve) => setImmediate(resolve))
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(passed).toBeLessThan(20_000 * asking.length)
    expect(stream.writableLength).toBeLessThan(20_000)
    stream.destroy()
  })
})

it('says once that a broker breaks the rules, however often it does', async () => {
  const { port, sockets } = await tcpServer((socket) => {
    socket.once('data', () => socket.write(Buffer.concat([connack, Buffer.from([0x62, 2, 0, 1])])))
  })
  const { lines } = startConnection({ port })
  await sockets.until(() => sockets.entries.length >= 5)
  expect(lines.filter((line) => line.includes('PROTOCOL_ERROR'))).toHaveLength(1)
})

it('tells a broker that speaks MQTT 5 how long a packet may be', async () => {
  const { port, received } = await scriptedBroker(() => [])
  startConnection({ port, version: '5' })
  expect(await received.until(() => true)).toMatchObject({ properties: { maximumPacketSize: longestPacket } })
})

describe.skipIf(mosquittoMissing)('a message that is too large, with mosquitto', () => {
  it.each(['refresh', 'lamp'])(
    'is said once with its topic, and when %s retains it all else goes on',
    async (source) => {
      const broker = await mosquitto()
      await broker.start()
      const { client, until } = await listener(broker.port)
      await client.publishAsync(`root/${source}`, Buffer.alloc(5_000_000), { retain: true, qos: 1 })
      const { lines, logged, send } = startConnection({ port: broker.port, commandSources: ['lamp'] })
      await logged(new RegExp(`nothing is read on "root/${source}" for an hour`))
      await logged(/connected/)
      send('good', 1)
      await until('root/good 1')
      expect(lines.filter((line) => line.includes('PACKET_TOO_LARGE'))).toHaveLength(1)
    },
  )

  it('is not even sent by a broker that speaks MQTT 5', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { client, until } = await listener(broker.port)
    const { lines, commands } = startConnection({ port: broker.port, version: '5', commandSources: ['lamp'] })
    await until('root/status ONLINE')
    await client.publishAsync('root/lamp', Buffer.alloc(5_000_000), { qos: 1 })
    await client.publishAsync('root/lamp', 'ON', { qos: 1 })
    await commands.until(({ payload }) => payload === 'ON')
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([])
  })
})
