import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import type { MqttClient } from 'mqtt'
import { asyncScheduler, BehaviorSubject, Subscription } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { completeOptions, type MqttOptions } from '../../src/mqtt/options.js'
import { publisher } from '../../src/mqtt/publisher.js'
import { LinkError } from '../../src/mqtt/reasons.js'
import { marbles } from '../../src/testing/marbles.js'
import { journal } from '../support/journal.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { recordedLog } from '../support/recordedLog.js'
import { tcpProxy } from '../support/tcpProxy.js'
import { tcpServer } from '../support/tcpServer.js'
import { startConnection } from './startConnection.js'

const big = 'x'.repeat(60_000)

/** A broker that closes the link of whoever sends it more than 20 kB, and who listens there. */
const strict = async () => {
  const broker = await mosquitto({ lines: ['max_packet_size 20000'] })
  await broker.start()
  return { ...broker, ...(await listener(broker.port)) }
}

const asideLines = (lines: readonly string[]) => lines.filter((line) => line.includes('set aside'))

describe.skipIf(mosquittoMissing)('a message that the broker answers by closing the link', () => {
  it.each([
    ['QoS 0', { qos: 0 }],
    ['QoS 1', { qos: 1 }],
    ['QoS 2', { qos: 2 }],
    ['QoS 0, retained', { qos: 0, retain: true }],
    ['QoS 1, as part of a series', { qos: 1, offline: 'all' }],
  ] as const)('is set aside, said once with its topic, and all else flows: %s', async (_name, delivery) => {
    const { port, until } = await strict()
    const { send, sendReading, logged, lines } = startConnection({ port, delivery })
    await until('root/status ONLINE')
    send('bad/str', big)
    send('good/str', 'still here')
    await logged(/the 60000 bytes for root\/bad\/str/)
    await until('root/good/str still here')
    send('good/str', 'and here')
    await until('root/good/str and here')
    send('bad/str', 'short')
    await until('root/bad/str short')
    sendReading({ destination: 'bad/str', value: big })
    send('good/str', 'end')
    await until('root/good/str end')
    expect(asideLines(lines)).toHaveLength(1)
  })

  it('is found among many', async () => {
    const { port, until } = await strict()
    const { send, logged, lines } = startConnection({ port })
    await until('root/status ONLINE')
    for (let index = 0; index < 300; index += 1) send(`sensor/${index}`, index === 150 ? big : index)
    await logged(/the 60000 bytes for root\/sensor\/150/)
    await until('root/sensor/299 299')
    await until('root/sensor/151 151')
    expect(asideLines(lines)).toHaveLength(1)
  })

  it('is set aside where it is a state that is repeated at every link', async () => {
    const { port, until } = await strict()
    const { send, sendReading, logged } = startConnection({ port })
    await until('root/status ONLINE')
    sendReading({ destination: 'homeassistant/device', value: big, retain: true })
    await logged(/the 60000 bytes for root\/homeassistant\/device/)
    send('good', 1)
    await expect(until('root/good 1')).resolves.toBeDefined()
  })

  it('is counted on health', async () => {
    const { port, until, heard } = await strict()
    const { send, logged } = startConnection({ port, health: 200 })
    await until('root/status ONLINE')
    send('bad', big)
    await logged(/the 60000 bytes for root\/bad/)
    await expect.poll(() => heard.some((text) => /health .*"refused":[1-9]/.test(text))).toBe(true)
  })

  it('is not suspected where the link just breaks again and again', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { until, heard } = await listener(broker.port)
    const proxy = await tcpProxy(broker.port)
    const { send, lines } = startConnection({ port: proxy.port })
    await until('root/status ONLINE')
    for (let round = 1; round < 5; round += 1) {
      send('temp_c', round)
      await until(`root/temp_c ${round}`)
      const next = heard.length
      proxy.cut()
      await until(`root/temp_c ${round}`, next)
    }
    expect(asideLines(lines)).toEqual([])
  })
})

describe('what was set aside', () => {
  const options: MqttOptions = {
    name: 'MQTT',
    client: 'test',
    host: 'h',
    port: 1,
    keepalive: 0,
    rootTopic: 'root',
  }
  const hour = 3_600_000

  /** Links one after the other, each of which the broker ends when it is sent that message. */
  const strictLinks = (connection: ReturnType<typeof publisher>, sent: string[], links: number) => {
    if (links === 0) return
    const subscription = new Subscription()
    const client = Object.assign(new EventEmitter(), {
      connected: true,
      stream: new PassThrough(),
      sendPing: () => undefined,
      publish: (topic: string) => {
        sent.push(`${topic} after ${asyncScheduler.now() / hour} h`)
        subscription.unsubscribe()
        ended(new LinkError(undefined, 5))
        strictLinks(connection, sent, links - 1)
      },
    })
    const { publish, overdue$, ended } = connection(client as unknown as MqttClient, () => undefined)
    subscription.add(overdue$.subscribe())
    publish('root/bad', 'x', { qos: 1, retain: false })
  }

  it('is not what was alone by chance on two links that broke', () => {
    const sent: string[] = []
    const { log, lines } = recordedLog()
    const connection = publisher(completeOptions(options), log)
    // It leaves with others first, then alone.
    strictLinks(connection, sent, 3)
    expect(asideLines(lines)).toEqual([])
    strictLinks(connection, sent, 1)
    expect(sent).toHaveLength(4)
  })

  it('is tried again an hour later, at once, and again each hour while the broker is as it was; said once', () => {
    marbles(({ flush }) => {
      const sent: string[] = []
      const { log, lines } = recordedLog()
      strictLinks(publisher(completeOptions(options), log), sent, 7)
      expect(sent).toEqual(Array.from({ length: 4 }, () => 'root/bad after 0 h'))
      flush()
      expect(sent.slice(4)).toEqual([1, 2, 3].map((hours) => `root/bad after ${hours} h`))
      expect(asideLines(lines)).toHaveLength(1)
    })
  })

  it('is tried again after a reload, though its connection runs on', () => {
    marbles(({ flush }) => {
      const sent: string[] = []
      const { log } = recordedLog()
      const commandSources = new BehaviorSubject<readonly string[]>([])
      strictLinks(publisher(completeOptions({ ...options, commandSources }), log), sent, 5)
      expect(sent).toHaveLength(4)
      asyncScheduler.schedule(() => commandSources.next([]), 60_000)
      flush()
      expect(sent[4]).toBe(`root/bad after ${1 / 60} h`)
    })
  })

  it('is tried again after a reload that changes the connection', () => {
    const sent: string[] = []
    const { log, lines } = recordedLog()
    strictLinks(publisher(completeOptions(options), log), sent, 5)
    expect(sent).toHaveLength(4)
    strictLinks(publisher(completeOptions({ ...options, client: 'other' }), log), sent, 1)
    expect(sent).toHaveLength(5)
    expect(asideLines(lines)).toHaveLength(1)
  })
})

it('may be ONLINE, which is then left out', async () => {
  const connack = Buffer.from([0x20, 2, 0, 0])
  const said = journal<Buffer>()
  const { port } = await tcpServer((socket) => {
    socket.once('data', () => socket.write(connack))
    socket.on('data', (bytes) => {
      // The will says OFFLINE.
      if (bytes.includes('ONLINE')) socket.destroy()
      else said.add(bytes)
    })
  })
  const { send, logged } = startConnection({ port })
  send('temp_c', 21)
  await logged(/ONLINE on root\/status: it is left out/)
  await expect(said.until((bytes) => bytes.includes('root/temp_c'))).resolves.toBeDefined()
})
