import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  lastValueFrom,
  NEVER,
  of,
  switchMap,
  throwError,
  timer,
  toArray,
} from 'rxjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Link } from '../../src/mqtt/link.js'
import { backoff, failover, narrate, reconnect } from '../../src/mqtt/mqttClient.js'
import { MqttConnection } from '../../src/mqtt/mqttPlugin.js'
import { LinkError } from '../../src/mqtt/reasons.js'
import { listener } from '../support/listener.js'
import { marbles } from '../../src/testing/marbles.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { recordedLog } from '../support/recordedLog.js'
import { startConnection } from './startConnection.js'

const closedAfter = (lasted?: number) => new LinkError(undefined, lasted)

const failed = (code: string) => new LinkError(Object.assign(new Error(), { code }), undefined)

const refusal = (code: number) =>
  new LinkError(Object.assign(new Error('Connection refused'), { code }), undefined)

const [refused, unreachable] = [refusal(5), failed('ECONNREFUSED')]

describe('failover', () => {
  const refusedToo = refusal(0x87)

  it('goes on to the next one at once, and stays with the first that is there', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const a$ = cold('-#      ', undefined, closedAfter())
      const b$ = cold(' -#     ', undefined, closedAfter())
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
          return timer(lasts ?? 0).pipe(switchMap(() => throwError(() => closedAfter(lasts))))
        })
      const round$ = failover([link$('a'), link$('b', 10_000), link$('c')])
      expectObservable(round$.pipe(reconnect(NEVER, undefined, () => 0)), '^ 12s !').toBe('')
      flush()
      expect(starts).toEqual(['a 0', 'b 0', 'a 11000', 'b 11000'])
    })
  })

  it('goes on to the next one, too, when one breaks that has hardly been there', () => {
    marbles(({ cold, expectObservable }) => {
      const a$ = cold('a-#', undefined, closedAfter(9_999))
      expectObservable(failover([a$, cold('b--')])).toBe('a-b--')
    })
  })

  it.each([
    ['the first that may pass', [refused, unreachable, closedAfter()], unreachable],
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
      const a$ = cold('#', undefined, closedAfter())
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
      const examined$ = (data && MqttConnection.examine?.(data, {})) ?? EMPTY
      const findings = await lastValueFrom(examined$.pipe(toArray()), { defaultValue: [] })
      expect(findings.map(({ text }) => /127\.0\.0\.\d/.exec(text)?.[0])).toEqual(['127.0.0.1', '127.0.0.2'])
    })
  })
})

describe('narrate', () => {
  const link: Link = {
    state$: NEVER,
    refresh$: NEVER,
    commands$: NEVER,
    listen: () => NEVER,
    publish: () => undefined,
  }

  const [unknown, badLogin] = [failed('ENOTFOUND'), refusal(4)]

  /** What is logged when links end in these ways, `link` being one that came before it ended. */
  function story(...events: (Link | LinkError)[]): string[] {
    const { log, lines } = recordedLog()
    const options = { name: '', client: 'test', host: 'h', port: 1, keepalive: 0, rootTopic: '' }
    const narrated = narrate(log)(options)
    for (const event of events) {
      const link$ = event instanceof LinkError ? throwError(() => event) : concat(of(event), NEVER)
      link$.pipe(narrated).subscribe({ error: () => undefined })
    }
    return lines.map((line) => line.replace(/ h:1.*/, ''))
  }

  it('says each reason once until the link is there, however they take turns', () => {
    expect(story(unreachable, unreachable, unknown, unreachable, link, unreachable, unreachable)).toEqual([
      'warn: cannot reach broker',
      'warn: cannot find broker',
      'info: connected to broker',
      'warn: cannot reach broker',
    ])
  })

  it('says aloud that the login is refused', () => {
    expect(story(badLogin, badLogin)).toEqual(['error: login refused by broker'])
  })

  it('suspects none where there was no link, or something else ended one', () => {
    const early = closedAfter()
    const slow = new LinkError(Object.assign(new Error(), { code: 'PUBACK_TIMEOUT' }), 1000)
    expect(story(early, early, early, link, slow, link, closedAfter(1000), link, slow)).not.toContain(
      'warn: broker',
    )
  })

  it('suspects a rival after three short links, once, and is quiet until a link lasts', () => {
    const short = [link, closedAfter(1000)]
    expect(
      story(...short, ...short, ...short, ...short, ...short, link, closedAfter(60_000), ...short),
    ).toEqual([
      'info: connected to broker',
      'warn: lost broker',
      'info: connected to broker',
      'warn: lost broker',
      'info: connected to broker',
      'warn: broker',
      'warn: lost broker',
      'info: connected to broker',
      'warn: lost broker',
    ])
  })
})

describe('reconnect', () => {
  const kind = () => 0

  it('tries again after 1, 2, 4 … 40 s', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const link$ = cold('   #', undefined, closedAfter())
      expectObservable(link$.pipe(reconnect(NEVER, undefined, kind)), '^ 104s !').toBe('')
      const tries = ['0s', '1s', '3s', '7s', '15s', '31s', '63s', '103s']
      expectSubscriptions(link$.subscriptions).toBe(tries.map((at) => `${at} (^!)`))
    })
  })

  it('starts over with a second when a link has lasted 10 s, and not before', () => {
    marbles(({ expectObservable, flush }) => {
      const lasting = [0, 0, 10_000, 9_999, 0]
      const starts: number[] = []
      const link$ = defer(() => {
        const lasted = lasting[starts.push(asyncScheduler.now()) - 1] ?? 0
        return timer(lasted).pipe(switchMap(() => throwError(() => closedAfter(lasted))))
      })
      expectObservable(link$.pipe(reconnect(NEVER, undefined, kind)), '^ 26s !').toBe('')
      flush()
      expect(starts).toEqual([0, 1000, 3000, 14_000, 25_999])
    })
  })

  it('tries a login that is refused again after 2, 5, 15, 30, then 60 s', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const link$ = cold('#', undefined, refused)
      expectObservable(link$.pipe(reconnect(NEVER)), '^ 173s !').toBe('')
      expectSubscriptions(link$.subscriptions).toBe(
        [0, 2, 7, 22, 52, 112, 172].map((start) => (start === 0 ? '(^!)' : `${start}s (^!)`)),
      )
    })
  })

  it('completes when it is stopped between two attempts', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const link$ = cold('      #', undefined, closedAfter())
      const stop$ = hot('       500ms s')
      expectObservable(link$.pipe(reconnect(stop$))).toBe('500ms |')
    })
  })

  it('is over when the link completes', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('a--|').pipe(reconnect(NEVER))).toBe('a--|')
    })
  })

  it('does not try again after a mistake of the program', () => {
    const mistake = new RangeError('port')
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('--#', undefined, mistake).pipe(reconnect(NEVER))).toBe('--#', undefined, mistake)
    })
  })
})

describe('backoff', () => {
  it('doubles from 1 s to 40 s when chance is kind, from 1.5 s to 60 s when it is not', () => {
    const failures = [0, 1, 2, 3, 4, 5, 6, 7, 1000, Infinity]
    expect(failures.map((count) => backoff(count, undefined, () => 0) / 1000)).toEqual([
      1, 2, 4, 8, 16, 32, 40, 40, 40, 40,
    ])
    expect(failures.map((count) => backoff(count, undefined, () => 1) / 1000)).toEqual([
      1.5, 3, 6, 12, 24, 48, 60, 60, 60, 60,
    ])
  })

  it('is never shorter than the first pause nor longer than the longest', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
        const pause = backoff(failures, undefined, () => chance)
        expect(pause).toBeGreaterThanOrEqual(1000)
        expect(pause).toBeLessThanOrEqual(60_000)
      }),
    )
  })
})
