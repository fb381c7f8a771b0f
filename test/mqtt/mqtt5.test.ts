import type { IConnackPacket, Packet } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { temporaryFile } from '../support/program.js'
import { tcpServer } from '../support/tcpServer.js'
import { aedesBroker } from './aedesBroker.js'
import { scriptedBroker } from './scriptedBroker.js'
import { startConnection } from './startConnection.js'

const version = '5'
const state = { destination: 'radio', value: 'ON', retain: true } as const

async function runningBroker(...lines: string[]) {
  const broker = await mosquitto({ lines })
  await broker.start()
  return broker
}

describe.skipIf(mosquittoMissing)('a connection with MQTT 5 to mosquitto', () => {
  it('tells subscribers that the status is text', async () => {
    const { port } = await runningBroker()
    const { client, until } = await listener(port, { protocolVersion: 5 })
    const formats: unknown[] = []
    client.on('message', (_topic, payload, { properties }) =>
      formats.push([payload.toString(), properties?.contentType, properties?.payloadFormatIndicator]),
    )
    const { stop, logged } = startConnection({ port, version })
    await logged(/connected/)
    await stop()
    await until('root/status OFFLINE')
    expect(formats).toEqual([
      ['ONLINE', 'text/plain', true],
      ['OFFLINE', 'text/plain', true],
    ])
  })

  it('has a retained state expire, but not as long as it says it again', async () => {
    const { port } = await runningBroker()
    const { sendReading, logged, stop } = startConnection({ port, version, messageExpiry: 1000 })
    await logged(/connected/)
    sendReading(state)
    const early = await listener(port, { protocolVersion: 5 })
    const expiries: unknown[] = []
    early.client.on('message', (topic, _payload, { properties }) => {
      if (topic === 'root/radio') expiries.push(properties?.messageExpiryInterval)
    })
    await early.until('root/radio ON')
    await early.until('root/radio ON', early.heard.length)
    await early.until('root/radio ON', early.heard.length)
    await stop()
    expect(expiries).toContain(1)
  })

  it('says once per topic that readings are refused, and why', async () => {
    const acl = temporaryFile('acl', 'topic read #\ntopic write root/status\n')
    const { port } = await runningBroker(`acl_file ${acl}`)
    const { sendReading, logged, lines } = startConnection({ port, version })
    await logged(/connected/)
    sendReading(state)
    sendReading(state)
    sendReading({ ...state, destination: 'other' })
    await logged(/refuses messages on root\/other \(0x87\)/)
    expect(lines.filter((line) => line.includes('root/radio'))).toEqual([
      expect.stringMatching(/^warn: broker .* refuses messages on root\/radio \(0x87\): .*access list/),
    ])
  })

  it('says in words why a login is refused', async () => {
    const broker = await mosquitto({ users: { other: 'other' } })
    await broker.start()
    const { logged } = startConnection({
      port: broker.port,
      version,
      login: { user: 'user', password: 'hunter2' },
    })
    await expect(logged(/./)).resolves.toMatch(
      /^error: login refused by broker .*\(CONNACK_0x8[67]\): check User and Password/,
    )
  })

  it('says that the broker does not do without retained messages or QoS 1', async () => {
    const [noRetain, noQos] = [
      await runningBroker('retain_available false'),
      await runningBroker('max_qos 0'),
    ]
    const refused = startConnection({ port: noRetain.port, version })
    const lowered = startConnection({ port: noQos.port, version })
    await expect(refused.logged(/./)).resolves.toMatch(
      /^error: refused by broker .*0x9A.*retain_available true/,
    )
    await expect(lowered.logged(/./)).resolves.toMatch(/^error: refused by broker .*0x9B.*max_qos 1/)
  })

  it('has no more messages unacknowledged than the broker takes at once', async () => {
    const { port } = await runningBroker('max_inflight_messages 3')
    const { until } = await listener(port)
    const { sendReading, logged, lines } = startConnection({ port, version })
    await logged(/connected/)
    for (let n = 1; n <= 50; n += 1) sendReading({ ...state, destination: `radio${n}` })
    await until('root/radio50 ON')
    expect(lines).toHaveLength(1)
  })
})

it('says that a broker which speaks 3.1.1 only does not speak 5, and what to leave out', async () => {
  const { port } = await aedesBroker()
  const { logged } = startConnection({ port, version })
  await expect(logged(/./)).resolves.toMatch(/leave out Version/)
})

/** Accepts, with these properties of CONNACK, and acknowledges everything with this reason code. */
function accepting(properties: IConnackPacket['properties'] = {}, reasonCode = 0) {
  return (packet: Packet): Packet[] => {
    const { cmd, messageId } = packet
    if (cmd === 'connect') return [{ cmd: 'connack', reasonCode: 0, sessionPresent: false, properties }]
    if (cmd === 'pingreq') return [{ cmd: 'pingresp' }]
    if (cmd !== 'publish' || packet.qos === 0 || messageId === undefined) return []
    return [{ cmd: 'puback', messageId, reasonCode: packet.topic === 'root/status' ? 0 : reasonCode }]
  }
}
const last = { destination: 'last', value: 'ON', delivery: { qos: 1 } } as const

it('starts clean, leaves no session behind and arms the will as text', async () => {
  const { port, received } = await scriptedBroker(accepting())
  startConnection({ port, version })
  const connect = await received.until(() => true)
  expect(connect).toMatchObject({
    protocolVersion: 5,
    clean: true,
    properties: { sessionExpiryInterval: 0 },
    will: { qos: 1, retain: true, properties: { contentType: 'text/plain', payloadFormatIndicator: true } },
  })
})

it('lowers QoS and leaves out Retain where the broker takes neither, and says each once', async () => {
  const limits = { maximumQoS: 1, retainAvailable: false }
  const { port, sockets, received, publishes } = await scriptedBroker(accepting(limits))
  const { sendReading, logged, lines } = startConnection({ port, version })
  const sent = async () => {
    sendReading({ destination: 'a', value: 1, delivery: { qos: 2, retain: true } })
    await received.until((packet) => packet.cmd === 'publish' && packet.topic === 'root/a')
  }
  await logged(/connected/)
  await sent()
  sockets.entries[0]?.destroy()
  await logged(/connected/, lines.length)
  await sent()
  expect(publishes().find(({ topic }) => topic === 'root/a')).toMatchObject({ qos: 1, retain: false })
  expect(lines.filter((line) => /takes no QoS above 1/.test(line))).toHaveLength(1)
  expect(lines.filter((line) => /Retain has no effect/.test(line))).toHaveLength(1)
})

it('does not send what is larger than the broker takes, and says so', async () => {
  const { port, received, publishes } = await scriptedBroker(accepting({ maximumPacketSize: 200 }))
  const { send, sendReading, logged } = startConnection({ port, version })
  await logged(/connected/)
  send('large', 'x'.repeat(200))
  sendReading(last)
  await received.until((packet) => packet.cmd === 'publish' && packet.topic === 'root/last')
  expect(publishes().map(({ topic }) => topic)).not.toContain('root/large')
  await expect(logged(/refuses messages on root\/large \(0x95\)/)).resolves.toMatch(/raise its limit/)
})

it('keeps the link alive as often as the broker dictates, also when it would not by itself', async () => {
  const { port, received } = await scriptedBroker(accepting({ serverKeepAlive: 1 }))
  startConnection({ port, version, keepalive: 0 })
  await expect(received.until(({ cmd }) => cmd === 'pingreq')).resolves.toBeDefined()
})

it('says in words why the broker says goodbye', async () => {
  const goodbye: Packet = { cmd: 'disconnect', reasonCode: 0x8b }
  const { port } = await scriptedBroker((packet) => [
    ...accepting()(packet),
    ...(packet.cmd === 'publish' ? [goodbye] : []),
  ])
  const { logged } = startConnection({ port, version })
  await expect(logged(/warn/)).resolves.toMatch(/lost broker .*\(DISCONNECT_0x8B\): it is shutting down/)
})

it('says at once, and only once, that somebody else has its client id', async () => {
  const { port, sockets } = await scriptedBroker((packet) => [
    ...accepting()(packet),
    ...(packet.cmd === 'publish' ? [{ cmd: 'disconnect', reasonCode: 0x8e } as const] : []),
  ])
  const { logged, lines } = startConnection({ port, version })
  await logged(/DISCONNECT_0x8E.*another client with the id "test" has connected/)
  await sockets.until(() => sockets.entries.length >= 5)
  expect(lines.filter((line) => line.includes('0x8E'))).toHaveLength(1)
  expect(lines.length).toBeLessThanOrEqual(2)
})

it('survives a goodbye of a broker that speaks 3.1.1, where there is none', async () => {
  const connackAndDisconnect = Buffer.from([0x20, 2, 0, 0, 0xe0, 0])
  const { port } = await tcpServer((socket) => {
    socket.once('data', () => socket.write(connackAndDisconnect))
  })
  const { logged } = startConnection({ port })
  await expect(logged(/./)).resolves.toMatch(/^warn: lost broker/)
})
