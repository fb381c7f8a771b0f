import { setTimeout as pause } from 'node:timers/promises'
import type { Packet } from 'mqtt-packet'
import { BehaviorSubject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { MqttOptions } from '../../src/mqtt/options.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { aedesBroker } from './aedesBroker.js'
import { scriptedBroker } from './scriptedBroker.js'
import { startConnection } from './startConnection.js'

const commandSources = ['lamp', 'fan/set', 'end']

/** A connection that hears commands, and somebody who gives them. */
async function connected(port: number, sources: MqttOptions['commandSources'] = commandSources) {
  const { heard, until, client } = await listener(port)
  const connection = startConnection({ port, commandSources: sources })
  await until('root/status ONLINE')
  // The broker may tell others of that before it acknowledges it; until then the connection takes no readings.
  await connection.logged(/connected/)
  const { commands } = connection
  return {
    ...connection,
    heard,
    until,
    client,
    give: (source: string, payload: string | Buffer) => client.publishAsync(`root/${source}`, payload),
    /** Gives a last command, and resolves to all that came before it. */
    given: async () => {
      await client.publishAsync('root/end', '')
      await commands.until(({ source }) => source === 'end')
      return commands.entries.filter(({ source }) => source !== 'end')
    },
  }
}

describe('commands over MQTT', () => {
  it('come in on the topics of the actuators, with the name of the connection', async () => {
    const { port } = await aedesBroker()
    const { give, given } = await connected(port)
    await give('lamp', 'ON')
    await give('fan/set', '')
    await give('fan', 'no command')
    await give('fan/set', 'ä €')
    expect(await given()).toEqual([
      { source: 'lamp', payload: 'ON', from: 'MQTT' },
      { source: 'fan/set', payload: '', from: 'MQTT' },
      { source: 'fan/set', payload: 'ä €', from: 'MQTT' },
    ])
  })

  it('are subscribed to before ONLINE is said, and wait until the broker has that', async () => {
    const { port, received } = await scriptedBroker((packet): Packet[] => {
      if (packet.cmd === 'connect') return [{ cmd: 'connack', reasonCode: 0, sessionPresent: false }]
      if (packet.cmd !== 'publish' || packet.topic !== 'root/status') return []
      const command = { cmd: 'publish', topic: 'root/lamp', payload: 'ON', qos: 0 } as const
      return [
        { ...command, dup: false, retain: false },
        { cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 },
      ]
    })
    const { commands } = startConnection({ port, version: '5', commandSources })
    expect(await commands.until(() => true)).toEqual({ source: 'lamp', payload: 'ON', from: 'MQTT' })
    const subscriptions = received.entries.flatMap((packet) =>
      packet.cmd === 'subscribe' ? packet.subscriptions.map(({ topic }) => topic) : packet.cmd,
    )
    expect(subscriptions.slice(0, 5)).toEqual([
      'connect',
      ...commandSources.map((source) => `root/${source}`),
      'publish',
    ])
  })

  it('wait for the connection as long as they are not too many, which is said, and short ones still fit behind long ones', async () => {
    const { port } = await scriptedBroker((packet): Packet[] => {
      if (packet.cmd === 'connect') return [{ cmd: 'connack', reasonCode: 0, sessionPresent: false }]
      if (packet.cmd !== 'publish' || packet.topic !== 'root/status') return []
      const command = { cmd: 'publish', topic: 'root/lamp', qos: 0, dup: false, retain: false } as const
      const long = Array.from({ length: 150 }, () => ({ ...command, payload: 'x'.repeat(900) }))
      return [
        ...long,
        { ...command, payload: 'ON' },
        { cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 },
      ]
    })
    const { commands, lines } = startConnection({ port, version: '5', commandSources })
    await commands.until(({ payload }) => payload === 'ON')
    expect(commands.entries).toHaveLength(112)
    expect(lines.filter((line) => line.includes('than can wait for it'))).toHaveLength(1)
  })

  it('are refused where they are no text or too long, which is said once until one can be read', async () => {
    const { port } = await aedesBroker()
    const { give, given, lines } = await connected(port)
    for (const payload of [Buffer.of(0xff, 0xfe), Buffer.of(0xc0), Buffer.alloc(65_537, 'x')])
      await give('lamp', payload)
    await give('lamp', 'x'.repeat(65_536))
    await give('lamp', Buffer.alloc(66_000, 'x'))
    expect(await given()).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn: a command on root/lamp that is not UTF-8 is refused: expected a text of up to 64 KiB',
      'warn: a command on root/lamp of 66000 bytes is refused: expected a text of up to 64 KiB',
    ])
  })

  it('come in on the topics of the newest actuators, over the same connection', async () => {
    const { port } = await aedesBroker()
    const sources$ = new BehaviorSubject<readonly string[]>(['lamp', 'end'])
    const { give, given, commands, heard } = await connected(port, sources$)
    await give('lamp', '1')
    await commands.until(({ source }) => source === 'lamp')
    sources$.next(['fan', 'end'])
    // A broker answers in the order in which it is asked, but not two clients.
    while (!commands.entries.some(({ source }) => source === 'fan')) {
      await give('fan', '2')
      await pause(10)
    }
    await give('lamp', '3')
    expect((await given()).filter(({ source }) => source === 'lamp')).toEqual([
      { source: 'lamp', payload: '1', from: 'MQTT' },
    ])
    expect(heard.filter((message) => message.startsWith('root/status'))).toEqual(['root/status ONLINE'])
  })

  it('are not asked for where nobody takes them', async () => {
    const subscribed: string[] = []
    const { port } = await aedesBroker({
      authorizeSubscribe: ({ id }, subscription, done) => {
        if (id === 'test') subscribed.push(subscription.topic)
        done(null, subscription)
      },
    })
    const { until } = await listener(port)
    startConnection({ port })
    await until('root/status ONLINE')
    expect(subscribed).toEqual(['root/refresh'])
  })

  it('are missed, as the log says, where the broker does not let us hear them', async () => {
    const { port } = await aedesBroker({
      authorizeSubscribe: ({ id }, subscription, done) =>
        done(null, id === 'test' && subscription.topic === 'root/lamp' ? null : subscription),
    })
    const { give, given, logged } = await connected(port)
    await logged(/does not let us read root\/lamp/)
    await give('lamp', 'ON')
    expect(await given()).toEqual([])
  })
})

describe.skipIf(mosquittoMissing)('commands over mosquitto', () => {
  const running = async () => {
    const broker = await mosquitto()
    await broker.start()
    return broker
  }

  it('are marked where the broker had kept them', async () => {
    const { port } = await running()
    const { client } = await listener(port)
    await client.publishAsync('root/lamp', 'ON', { retain: true, qos: 1 })
    const { give, given } = await connected(port)
    await give('lamp', 'OFF')
    expect(await given()).toEqual([
      { source: 'lamp', payload: 'ON', from: 'MQTT', retained: true },
      { source: 'lamp', payload: 'OFF', from: 'MQTT' },
    ])
  })

  it('come in again after the broker was gone', async () => {
    const broker = await running()
    const { give, given, logged, lines, client } = await connected(broker.port)
    await broker.kill()
    await logged(/lost|cut/)
    const before = lines.length
    await broker.start()
    await logged(/connected/, before)
    await client.subscribeAsync('x')
    await give('lamp', 'ON')
    expect(await given()).toEqual([{ source: 'lamp', payload: 'ON', from: 'MQTT' }])
  })

  it('are not our own states, as many as we sent', async () => {
    const { port } = await running()
    const { give, given, sendReading, until, client, heard } = await connected(port)
    for (const value of ['ON', 'OFF', 'ON']) sendReading({ destination: 'lamp', value, echo: true })
    await until('root/lamp OFF')
    const before = heard.length
    await client.publishAsync('root/refresh', '')
    await until('root/lamp ON', before)
    for (const payload of ['ON', 'OFF']) await give('lamp', payload)
    expect(await given()).toEqual([
      { source: 'lamp', payload: 'ON', from: 'MQTT' },
      { source: 'lamp', payload: 'OFF', from: 'MQTT' },
    ])
  })

  it('are what sensors say on a topic of commands', async () => {
    const { port } = await running()
    const { given, sendReading, commands } = await connected(port)
    sendReading({ destination: 'lamp', value: 'ON' })
    await commands.until(({ source }) => source === 'lamp')
    expect(await given()).toEqual([{ source: 'lamp', payload: 'ON', from: 'MQTT' }])
  })

  it('do not count states that were lost with the link', async () => {
    const broker = await running()
    const { give, given, sendReading, logged, lines, client } = await connected(broker.port)
    await broker.kill('SIGSTOP')
    sendReading({ destination: 'lamp', value: 'ON', echo: true })
    await broker.kill('SIGKILL')
    await logged(/lost|cut/)
    const before = lines.length
    await broker.start()
    await logged(/connected/, before)
    await client.subscribeAsync('x')
    await give('lamp', 'ON')
    await give('lamp', 'ON')
    // The state that the connection repeats comes in, too: one of three.
    expect(await given()).toHaveLength(2)
  })
})
