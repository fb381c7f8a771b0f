import { describe, expect, it } from 'vitest'
import { readCaCertificate } from '../../src/mqtt/tls.js'
import { certificates, opensslMissing } from '../support/certificates.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { tcpProxy } from '../support/tcpProxy.js'
import { tcpServer } from '../support/tcpServer.js'
import { webSocketGateway } from '../support/webSocketGateway.js'
import { startConnection } from './startConnection.js'

const webSocketPath = '/mqtt'

describe.skipIf(mosquittoMissing)('a connection over WebSockets', () => {
  const webSockets = async () => {
    const broker = await mosquitto()
    await broker.start()
    const { port } = await webSocketGateway(broker.port)
    return { kill: broker.kill, port, heard: () => listener(broker.port) }
  }

  it.each(['3.1.1', '5'] as const)('publishes with MQTT %s, and signs off', async (version) => {
    const { port, heard } = await webSockets()
    const { heard: messages, until } = await heard()
    const { send, stop, logged } = startConnection({ port, webSocketPath, version })
    await Promise.all([until('root/status ONLINE'), logged(/connected/)])
    for (let value = 1; value <= 1000; value += 1) send('count', value)
    await until('root/count 1000')
    await stop()
    await until('root/status OFFLINE')
    expect(messages).toHaveLength(1002)
  })

  it('finds its broker again, and has it say OFFLINE meanwhile', async () => {
    const { port, heard } = await webSockets()
    const { until } = await heard()
    const proxy = await tcpProxy(port)
    const { send } = startConnection({ port: proxy.port, webSocketPath })
    await until('root/status ONLINE')
    proxy.cut()
    await until('root/status OFFLINE')
    await until('root/status ONLINE', 1)
    send('temp_c', 21)
    await expect(until('root/temp_c 21')).resolves.toBeDefined()
  })

  it('keeps only the latest of what a frozen broker does not take', async () => {
    const broker = await webSockets()
    const { send, logged } = startConnection({ port: broker.port, webSocketPath, keepalive: 0 })
    const { heard, until } = await broker.heard()
    await logged(/connected/)
    await broker.kill('SIGSTOP')
    const last = 200_000
    for (let value = 0; value <= last; value += 1) send('count', value)
    await broker.kill('SIGCONT')
    await until(`root/count ${last}`)
    expect(heard.length).toBeLessThan(last / 2)
  })

  it('completes within its bound when the broker hangs', async () => {
    const broker = await webSockets()
    const { logged, stop } = startConnection({ port: broker.port, webSocketPath })
    await logged(/connected/)
    await broker.kill('SIGSTOP')
    const began = performance.now()
    await stop()
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('says that a listener without WebSockets has none', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { logged } = startConnection({ port: broker.port, webSocketPath })
    await expect(logged(/./)).resolves.toMatch(/^warn: .*127\.0\.0\.1.*Transport/)
  })
})

it('says what a web server answers, which is no broker, and closes the socket', async () => {
  const { port, sockets } = await tcpServer((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'))
  })
  const { logged, stop } = startConnection({ port, webSocketPath: '/other' })
  await expect(logged(/./)).resolves.toMatch(
    /^warn: no WebSocket with broker .*\(WEBSOCKET\): it answers "Unexpected server response: 404": check Port and Path/,
  )
  await stop()
  await expect.poll(() => sockets.entries.every((socket) => socket.destroyed)).toBe(true)
})

it.each([
  ['says nothing', Buffer.alloc(0)],
  ['is no web server', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
])('gives up a server that %s', async (_, answer) => {
  const { port, sockets } = await tcpServer((socket) => {
    socket.once('data', () => socket.write(answer))
  })
  const { logged, lines } = startConnection({ port, webSocketPath, connectTimeout: 100 })
  await logged(/^warn: no (answer from|WebSocket with) broker/)
  await sockets.until(() => sockets.entries.length >= 3)
  expect(lines).toHaveLength(1)
})

describe.skipIf(mosquittoMissing || opensslMissing)('a connection over WebSockets with TLS', () => {
  if (mosquittoMissing || opensslMissing) return
  const { selfSigned, signed } = certificates()
  const [ca, otherCa] = [selfSigned('ca'), selfSigned('otherCa')]
  const local = signed('local', 'ca', 'DNS:localhost')

  const connectTrusting = async ({ cert }: { cert: string }) => {
    const broker = await mosquitto()
    await broker.start()
    const { port } = await webSocketGateway(broker.port, local)
    const trusted = await readCaCertificate(cert)
    return startConnection({
      port,
      host: 'localhost',
      webSocketPath,
      tls: { ...(trusted && { ca: trusted }) },
    })
  }

  it('is made when the CA signed the certificate', async () => {
    const { logged } = await connectTrusting(ca)
    await expect(logged(/./)).resolves.toMatch(/^info: connected/)
  })

  it('is refused when another CA did', async () => {
    const { logged } = await connectTrusting(otherCa)
    await expect(logged(/./)).resolves.toMatch(/^warn: cannot trust broker .*not signed by the CA in/)
  })
})
