import {
  asyncScheduler,
  defer,
  EMPTY,
  lastValueFrom,
  NEVER,
  switchMap,
  throwError,
  timer,
  toArray,
} from 'rxjs'
import { describe, expect, it } from 'vitest'
import { failover } from '../../src/mqtt/failover.js'
import { LinkError } from '../../src/mqtt/linkError.js'
import { MqttConnection } from '../../src/mqtt/mqttConnectionPlugin.js'
import { reconnect } from '../../src/mqtt/reconnect.js'
import { listener } from '../support/listener.js'
import { marbles } from '../support/marbles.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { startConnection } from './startConnection.js'

const failed = (lasted?: number) => new LinkError(undefined, lasted)
const refusal = (code: number) =>
  new LinkError(Object.assign(new Error('Connection refused'), { code }), undefined)
const [refused, refusedToo] = [refusal(5), refusal(0x87)]
const down = new LinkError(Object.assign(new Error(), { code: 'ECONNREFUSED' }), undefined)

it('goes on to the next one at once, and stays with the first that is there', () => {
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const a$ = cold('-#      ', undefined, failed())
    const b$ = cold(' -#     ', undefined, failed())
    const c$ = cold('  -c----', undefined)
    expectObservable(failover([a$, b$, c$])).toBe('---c----')
    expectSubscriptions(a$.subscriptions).toBe('   ^!')
    expectSubscriptions(b$.subscriptions).toBe('   -^!')
    expectSubscriptions(c$.subscriptions).toBe('   --^')
  })
})

it('begins with the first again when one that lasted breaks, after a pause', () => {
  marbles(({ expectObservable, flush }) => {
    const starts: string[] = []
    const link$ = (name: string, lasts?: number) =>
      defer(() => {
        starts.push(`${name} ${asyncScheduler.now()}`)
        return timer(lasts ?? 0).pipe(switchMap(() => throwError(() => failed(lasts))))
      })
    const round$ = failover([link$('a'), link$('b', 10_000), link$('c')])
    expectObservable(round$.pipe(reconnect(NEVER, undefined, () => 0)), '^ 12s !').toBe('')
    flush()
    expect(starts).toEqual(['a 0', 'b 0', 'a 11000', 'b 11000'])
  })
})

it('goes on to the next one, too, when one breaks that has hardly been there', () => {
  marbles(({ cold, expectObservable }) => {
    const a$ = cold('a-#', undefined, failed(9_999))
    expectObservable(failover([a$, cold('b--')])).toBe('a-b--')
  })
})

it.each([
  ['the first that may pass', [refused, down, failed()], down],
  ['the last where all refuse', [refused, refusedToo], refusedToo],
])('fails after the last one with %s', (_, errors, error) => {
  marbles(({ cold, expectObservable }) => {
    expectObservable(failover(errors.map((reason) => cold('#', undefined, reason)))).toBe(
      '#',
      undefined,
      error,
    )
  })
})

it('does not go on after a mistake of the program, nor after an orderly end', () => {
  const mistake = new RangeError('port')
  marbles(({ cold, expectObservable }) => {
    expectObservable(failover([cold('-#', undefined, mistake), cold('b')])).toBe('-#', undefined, mistake)
    expectObservable(failover([cold('a-|'), cold('b')])).toBe('a-|')
    expectObservable(failover([])).toBe('|')
  })
})

it('lets go of the one it has when nobody listens any more', () => {
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const a$ = cold('#', undefined, failed())
    const b$ = cold('b---')
    expectObservable(failover([a$, b$]), '^--!').toBe('b')
    expectSubscriptions(b$.subscriptions).toBe('^--!')
  })
})

describe.skipIf(mosquittoMissing)('a connection with two brokers', () => {
  it('takes the second while the first is away, and the first again when it loses the second', async () => {
    const first = await mosquitto()
    const second = await mosquitto({ port: first.port, address: '127.0.0.2' })
    await Promise.all([first.start(), second.start()])
    const { send, logged, lines } = startConnection({ port: first.port, fallbackHosts: ['127.0.0.2'] })
    await logged(/connected to broker 127\.0\.0\.1/)

    await first.kill()
    await logged(/connected to broker 127\.0\.0\.2/)
    const { until } = await listener(first.port, { host: '127.0.0.2' })
    send('temp_c', 21)
    await until('root/temp_c 21')

    await first.start()
    const moved = lines.length
    await second.kill()
    await logged(/connected to broker 127\.0\.0\.1/, moved)
    const hosts = lines.map((line) => /127\.0\.0\.\d/.exec(line)?.[0])
    expect(hosts).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2', '127.0.0.1'])
  })

  it('goes past a name that cannot be found', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { logged } = startConnection({
      port: broker.port,
      host: 'no-such-host.invalid',
      fallbackHosts: ['127.0.0.1'],
      backoff: { first: 60_000, longest: 90_000 },
    })
    await logged(/cannot find broker no-such-host\.invalid/)
    await expect(logged(/connected to broker 127\.0\.0\.1/)).resolves.toBeDefined()
  })

  it('is examined with both', async () => {
    const { port } = await mosquitto()
    const { data } = MqttConnection.options.safeParse({
      ...{ Name: 'MQTT', Client: 'test', User: '', Password: '', Keepalive: '10', RootTopic: 'root' },
      ...{ Host: '127.0.0.1, 127.0.0.2', Port: String(port) },
    })
    const examined$ = (data && MqttConnection.examine?.(data)) ?? EMPTY
    const findings = await lastValueFrom(examined$.pipe(toArray()), { defaultValue: [] })
    expect(findings.map(({ text }) => /127\.0\.0\.\d/.exec(text)?.[0])).toEqual(['127.0.0.1', '127.0.0.2'])
  })
})
