import { EMPTY, from, lastValueFrom, map, mergeMap, of, range, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Reading, Sensor } from '../../src/model.js'
import { mqttConnection } from '../../src/mqtt/mqttConnection.js'
import type { BrokerOptions } from '../../src/mqtt/options.js'
import { readCaCertificate } from '../../src/mqtt/tls.js'
import { supervise } from '../../src/operators/supervise.js'
import { report } from '../../src/report.js'
import { certificates, opensslMissing } from '../support/certificates.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { recordedLog } from '../support/recordedLog.js'
import { tcpProxy } from '../support/tcpProxy.js'
import { tcpServer } from '../support/tcpServer.js'

const attic: Reading = { destination: 'attic/temp_c', value: 21.5 }

/** Runs a program whose sensor ends by itself: resolves when all is closed, rejects when it fails. */
async function run(sensor$: Sensor, options: Partial<BrokerOptions> & { readonly port: number }) {
  const { log, lines } = recordedLog()
  const home = mqttConnection(
    { name: 'home', client: 'once', host: 'localhost', keepalive: 60_000, rootTopic: 'home', ...options },
    log,
  )
  await lastValueFrom(report({ sensors: [sensor$], connections: [home] }), { defaultValue: undefined })
  return lines
}

describe.skipIf(mosquittoMissing)('a program whose sensors end', () => {
  async function runningBroker(options?: Parameters<typeof mosquitto>[0]) {
    const broker = await mosquitto(options)
    await broker.start()
    return broker
  }

  it('has delivered what they said before there was a connection', async () => {
    const { port } = await runningBroker()
    const { heard, until } = await listener(port)
    const lines = await run(of(attic), { port })
    await until('home/status OFFLINE')
    expect(heard).toEqual(['home/status ONLINE', 'home/attic/temp_c 21.5', 'home/status OFFLINE'])
    expect(lines).toEqual([expect.stringMatching(/^info: connected/)])
  })

  it('has delivered all of it over a slow link, whatever the QoS', async () => {
    const { port } = await runningBroker()
    const { heard, until } = await listener(port)
    const { port: slow } = await tcpProxy(port, 400)
    const many$ = range(1, 2700).pipe(map((value) => ({ destination: 'count', value })))
    await run(many$, { port: slow, delivery: { offline: 'all' } })
    await until('home/status OFFLINE')
    expect(heard.slice(1, -1)).toEqual(Array.from({ length: 2700 }, (_, index) => `home/count ${index + 1}`))
  })

  it('has delivered it at QoS 1 over a link that takes longer than a second to answer', async () => {
    const { port } = await runningBroker()
    const { heard, until } = await listener(port)
    const { port: slow } = await tcpProxy(port, 600)
    await run(of(attic), { port: slow, delivery: { qos: 1 } })
    await until('home/status OFFLINE')
    expect(heard).toEqual(['home/status ONLINE', 'home/attic/temp_c 21.5', 'home/status OFFLINE'])
  })

  it('says how many of them newer ones have replaced before there was a connection', async () => {
    const { port } = await runningBroker()
    const { heard, until } = await listener(port)
    const many$ = range(1, 10).pipe(map((value) => ({ destination: 'count', value })))
    const lines = await run(many$, { port })
    await until('home/status OFFLINE')
    expect(heard.slice(1, -1)).toEqual(['home/count 10'])
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^info: 9 readings were replaced by newer ones/)])
  })

  it('has delivered it to a broker that starts only then', async () => {
    const broker = await mosquitto()
    const { log, until: logged } = recordedLog()
    const options = { name: 'home', client: 'once', host: 'localhost', keepalive: 60_000, rootTopic: 'home' }
    const backoff = { first: 20, longest: 150 }
    const home = mqttConnection({ ...options, port: broker.port, backoff, delivery: { retain: true } }, log)
    const done = lastValueFrom(report({ sensors: [of(attic)], connections: [home] }), { defaultValue: 0 })
    await logged(/cannot reach/)
    await broker.start()
    await done
    const { until } = await listener(broker.port)
    await expect(until('home/attic/temp_c 21.5')).resolves.toBeDefined()
  })

  it('fails with the reason when the broker refuses its login', async () => {
    const { port } = await runningBroker({ users: { home: 'secret' } })
    const { heard } = await listener(port, { username: 'home', password: 'secret' })
    const login = { user: 'home', password: 'wrong' }
    await expect(run(of(attic), { port, login })).rejects.toThrow(/^login refused by broker localhost:\d+ /)
    expect(heard).toEqual([])
  })

  it('fails with the reason when there is no broker, and says how many readings are lost', async () => {
    const { port } = await mosquitto()
    const { log, lines } = recordedLog()
    const options = { name: 'home', client: 'once', host: '127.0.0.1', keepalive: 60_000, rootTopic: 'home' }
    const home = mqttConnection({ ...options, port, closeTimeout: 50 }, log)
    const done = lastValueFrom(report({ sensors: [of(attic, attic)], connections: [home] }), {
      defaultValue: undefined,
    })
    await expect(done).rejects.toThrow(/^cannot reach broker 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/)
    expect(lines).toContain('warn: 1 readings are lost: the broker did not take them before the end')
  })

  it('fails when nobody answers, and says how long it has waited', async () => {
    const { port } = await tcpServer(() => undefined)
    await expect(run(of(attic), { port, closeTimeout: 50 })).rejects.toThrow(
      'no answer from the broker within 0.05 s',
    )
  })

  it('ends well when its sensors had nothing to say, broker or not', async () => {
    const { port } = await mosquitto()
    await expect(run(EMPTY, { port })).resolves.toBeDefined()
  })

  it('tries again when it is supervised', async () => {
    const broker = await mosquitto()
    const { log, until: logged } = recordedLog()
    const options = { name: 'home', client: 'once', host: 'localhost', keepalive: 60_000, rootTopic: 'home' }
    const home = mqttConnection(
      { ...options, port: broker.port, closeTimeout: 20, delivery: { retain: true } },
      log,
    )
    const program$ = report({ sensors: [of(attic)], connections: [home] }).pipe(supervise(log))
    const done = lastValueFrom(program$, { defaultValue: undefined })
    await logged(/Trying again in 1 s/)
    await broker.start()
    await done
    const { until } = await listener(broker.port)
    await expect(until('home/attic/temp_c 21.5')).resolves.toBeDefined()
  })

  it('delivers to one broker what another one refuses', async () => {
    const { port } = await runningBroker()
    const closed = await mosquitto()
    const { heard, until } = await listener(port)
    const { port: slow } = await tcpProxy(port, 300)
    const options = { keepalive: 60_000, rootTopic: 'home', host: 'localhost' }
    const { log } = recordedLog()
    const done = lastValueFrom(
      report({
        sensors: [of(attic)],
        connections: [
          mqttConnection({ ...options, name: 'a', client: 'a', port: closed.port, closeTimeout: 20 }, log),
          mqttConnection({ ...options, name: 'b', client: 'b', port: slow }, log),
        ],
      }),
      { defaultValue: undefined },
    )
    await expect(done).rejects.toThrow(/^cannot reach broker/)
    await until('home/status OFFLINE')
    expect(heard).toEqual(['home/status ONLINE', 'home/attic/temp_c 21.5', 'home/status OFFLINE'])
  })

  it('says how many readings may be lost when the broker does not acknowledge the end', async () => {
    const { port } = await runningBroker()
    const proxy = await tcpProxy(port)
    const { until } = await listener(port)
    const swallowed$ = timer(0).pipe(
      map(() => {
        proxy.swallow(true)
        return attic
      }),
    )
    const lines = run(from(until('home/status ONLINE')).pipe(mergeMap(() => swallowed$)), {
      port: proxy.port,
      closeTimeout: 100,
    })
    expect(await lines).toContainEqual(
      expect.stringMatching(/^warn: broker localhost:\d+ did not acknowledge the end: up to [12] readings/),
    )
  })

  describe.skipIf(opensslMissing)('over TLS', () => {
    if (opensslMissing) return
    const { selfSigned, signed } = certificates()
    const ca = selfSigned('ca')
    const server = signed('local', 'ca', 'DNS:localhost')

    it('has delivered it, too', async () => {
      const { port } = await runningBroker({ tls: server })
      const pem = await readCaCertificate(ca.cert)
      const { heard, until } = await listener(port, {
        protocol: 'mqtts',
        host: 'localhost',
        ...(pem && { ca: pem.pem }),
      })
      await run(of(attic), { port, tls: pem ? { ca: pem } : {} })
      await until('home/status OFFLINE')
      expect(heard).toEqual(['home/status ONLINE', 'home/attic/temp_c 21.5', 'home/status OFFLINE'])
    })
  })
})
