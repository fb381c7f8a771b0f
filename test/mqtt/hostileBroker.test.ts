import fc from 'fast-check'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { journal } from '../support/journal.js'
import { tcpServer } from '../support/tcpServer.js'
import { startConnection } from './startConnection.js'

const connack = Buffer.from([0x20, 2, 0, 0])

/** A server that answers what a client says first, and keeps all that it says. */
const answering = async (answer: Buffer, then: 'close' | 'stay' = 'stay') => {
  const said = journal<Buffer>()
  const server = await tcpServer((socket) => {
    socket.once('data', () => (then === 'close' ? socket.end(answer) : socket.write(answer)))
    socket.on('data', said.add)
  })
  return { ...server, said }
}

it('arms the will in the first CONNECT, and sends empty login texts as empty', async () => {
  const { port, said } = await answering(connack)
  startConnection({ port, keepalive: 10_000, login: { user: '', password: '' } })
  const text = (value: string) => [0, value.length, ...Buffer.from(value)]
  const body = [
    ...text('MQTT'),
    4,
    // User name, password, will retained at QoS 1, clean session.
    0b1110_1110,
    ...[0, 10],
    ...text('test'),
    ...text('root/status'),
    ...text('OFFLINE'),
    ...text(''),
    ...text(''),
  ]
  await expect(said.until(() => true)).resolves.toEqual(Buffer.from([0x10, body.length, ...body]))
})

it('gives a broker up that never answers, and says so once', async () => {
  const { port, sockets } = await tcpServer(() => undefined)
  const { logged, lines } = startConnection({ port, connectTimeout: 100 })
  await logged(/no answer from broker .*CONNACK_TIMEOUT/)
  await sockets.until(() => sockets.entries.length >= 4)
  expect(lines).toHaveLength(1)
})

it('waits for CONNACK 10 s if not told otherwise', async () => {
  const { port, sockets } = await tcpServer(() => undefined)
  const { logged } = startConnection({ port })
  const socket = await sockets.until(() => true)
  const began = performance.now()
  await once(socket, 'close')
  expect(performance.now() - began).toBeGreaterThan(9500)
  await expect(logged(/./)).resolves.toMatch(/no answer/)
})

it('publishes after two seconds although the broker never acknowledges ONLINE', async () => {
  const { port, said } = await answering(connack)
  const { send } = startConnection({ port })
  send('temp_c', 21)
  await expect(said.until((bytes) => bytes.includes('root/temp_c'))).resolves.toBeDefined()
})

it('backs off and says it once when the broker accepts and closes', async () => {
  const { port, sockets } = await answering(Buffer.alloc(0), 'close')
  const { lines, logged } = startConnection({ port })
  await sockets.until(() => sockets.entries.length >= 4)
  await logged(/./)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/turned away by broker/)
})

it('retries a login that is refused no sooner than it must', async () => {
  const { port, sockets } = await answering(Buffer.from([0x20, 2, 0, 5]))
  const { logged } = startConnection({ port, backoff: { first: 1, longest: 60_000 } })
  await logged(/login refused/)
  expect(sockets.entries).toHaveLength(1)
})

it('completes at once when there is no link: while connecting, while it waits for CONNACK, between attempts', async () => {
  const { port, sockets } = await tcpServer(() => undefined)
  const connecting = startConnection({ port })
  const waiting = startConnection({ port })
  const pausing = startConnection({ port: 1, backoff: { first: 60_000, longest: 90_000 } })
  const began = performance.now()
  await connecting.stop()
  await sockets.until(() => true)
  await waiting.stop()
  await pausing.logged(/cannot reach/)
  await pausing.stop()
  expect(performance.now() - began).toBeLessThan(900)
})

it('completes within its bound when the broker acknowledges nothing, and closes the socket', async () => {
  const { port, sockets } = await answering(connack)
  const { stop, logged } = startConnection({ port })
  await logged(/connected/)
  const [socket] = sockets.entries
  const closed = socket && once(socket, 'close')
  const began = performance.now()
  await stop()
  expect(performance.now() - began).toBeLessThan(2500)
  await closed
})

const bytes = fc.uint8Array({ maxLength: 40 })
const packet = fc
  .tuple(fc.integer({ min: 0, max: 255 }), bytes)
  .map(([head, body]) => Buffer.from([head, body.length, ...body]))
const hostile = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.oneof(
        packet,
        packet,
        bytes.map((some) => Buffer.from(some)),
      ),
      { maxLength: 5 },
    ),
  )
  .map(([accepting, parts]) => Buffer.concat([...(accepting ? [connack] : []), ...parts]))

it('survives whatever bytes a broker sends', async () => {
  let answer = Buffer.alloc(0)
  const { port, sockets } = await tcpServer((socket) => {
    socket.once('data', () => socket.end(answer))
  })
  startConnection({ port, backoff: { first: 1, longest: 1 } })
  await fc.assert(
    fc.asyncProperty(hostile, async (given) => {
      answer = given
      const count = sockets.entries.length
      await sockets.until(() => true, count + 1)
    }),
    {
      numRuns: 300,
      examples: [
        [Buffer.from([...connack, 0x32, 3, 0, 1, 0x61])],
        [Buffer.from([...connack, 0x62, 0])],
        [Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])],
      ],
    },
  )
  await expect(sockets.until(() => true, sockets.entries.length)).resolves.toBeDefined()
})
