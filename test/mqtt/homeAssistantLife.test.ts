import { ignoreElements, NEVER, type Observable, of, Subject, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import {
  deviceAt,
  describe as describeTopic,
  type Description,
  type Expected,
} from '../../src/description.js'
import { type Reading, withdrawal } from '../../src/model.js'
import { type DiscoveryOptions, homeAssistant } from '../../src/mqtt/homeAssistant.js'
import { gatewayDocument } from '../../src/mqtt/homeAssistantDocuments.js'
import type { Message } from '../../src/mqtt/incoming.js'
import { marbles } from '../../src/testing/marbles.js'
import { recordedLog } from '../support/recordedLog.js'

const publishing = { rootTopic: 'home', client: 'test' }
const own = 'homeassistant/device/sr_home/config'

const about = (topic: string, stranger = false): Description => {
  const identity = topic.replace(/\/.*/, '')
  const device = { ...deviceAt(identity), ...(stranger && { stranger: true as const }) }
  return describeTopic(Object.freeze(device), topic, topic.replace(/.*\//, ''), { text: true })
}
const readingOf = (description: Description): Reading => ({
  destination: description.topic ?? '',
  value: '1',
  about: description,
})
const message = (topic: string, text: string, retained = true): Message => ({
  topic,
  payload: Buffer.from(text),
  retained,
})

const collecting = <T>(values$: Observable<T>, next: (value: T) => void) =>
  values$.subscribe({
    next,
    error: (error: unknown) => {
      throw error
    },
  })

/** Runs readings past it in virtual time; what comes out is told by the topics of documents, with their components. */
function run(
  body: (at: (time: number, what: () => void) => unknown, source$: Subject<Reading>) => void,
  options: Partial<DiscoveryOptions> & { readonly isTaken?: boolean; readonly limit?: number } = {},
) {
  const said: string[] = []
  const repeated: string[] = []
  const { log, lines } = recordedLog()
  marbles(({ cold, flush }) => {
    const source$ = new Subject<Reading>()
    const settled$ = new Subject<{ reading: Reading; isTaken: boolean }>()
    const out$ = source$.pipe(
      homeAssistant(
        {
          publishing,
          link$: NEVER,
          settled$,
          repeat: (what) => repeated.push(what),
          log,
          ...options,
        },
        options.limit,
      ),
    )
    const note = ({ destination, value }: Reading) => {
      const id = /device\/(?:sr_home_)?(.*)\/config$/.exec(destination)?.[1]
      if (id === undefined) said.push(destination)
      else if (value === '') said.push(`${id} cleared`)
      else
        said.push(
          `${id}: ${Object.keys((JSON.parse(String(value)) as { components: object }).components).join()}`,
        )
    }
    collecting(out$, note)
    settled$.next({ reading: { destination: own, value: '' }, isTaken: options.isTaken ?? true })
    body((time, what) => collecting(cold(`${time}ms a`), what), source$)
    flush()
  })
  return { said: said.slice(1), repeated, lines }
}

const [kitchen, humidity, car] = [about('kitchen/temp'), about('kitchen/humi'), about('car/temp', true)]

describe('What becomes of documents', () => {
  it('one goes before the first reading of its device, with all that is said in that turn, and once', () => {
    const { said } = run((at, source$) => {
      at(1, () => [kitchen, humidity].forEach((each) => source$.next(readingOf(each))))
      at(2, () => source$.next(readingOf(kitchen)))
    })
    expect(said).toEqual(['kitchen: temp,humi', 'kitchen/temp', 'kitchen/humi', 'kitchen/temp'])
  })

  it('one grows with what is heard later, and is said again only then', () => {
    const { said } = run((at, source$) => {
      for (const [time, each] of [
        [1, kitchen],
        [2, humidity],
        [3, humidity],
      ] as const)
        at(time, () => source$.next(readingOf(each)))
    })
    expect(said).toEqual([
      'kitchen: temp',
      'kitchen/temp',
      'kitchen: temp,humi',
      'kitchen/humi',
      'kitchen/humi',
    ])
  })

  it('a stranger has one when it was heard twice half a minute apart', () => {
    const { said } = run((at, source$) => {
      for (const time of [1, 20_000, 30_002, 30_003]) at(time, () => source$.next(readingOf(car)))
    })
    expect(said).toEqual(['car/temp', 'car/temp', 'car: temp', 'car/temp', 'car/temp'])
  })

  it('a stranger that passed by has none, and takes no place, when what it said is withdrawn', () => {
    const { said, lines } = run(
      (at, source$) => {
        at(1, () => source$.next(readingOf(car)))
        at(40_000, () => source$.next(withdrawal(readingOf(car))))
        at(50_000, () => source$.next(readingOf(kitchen)))
      },
      { limit: 1 },
    )
    expect(said).toEqual(['car/temp', 'car/temp', 'kitchen: temp', 'kitchen/temp'])
    expect(lines).toEqual([])
  })

  it('there are no more than there may be, which the log hears once', () => {
    const { said, lines } = run(
      (at, source$) =>
        at(1, () => ['a/x', 'b/x', 'c/x'].forEach((topic) => source$.next(readingOf(about(topic))))),
      { limit: 1 },
    )
    expect(said).toEqual(['b/x', 'c/x', 'a: x', 'a/x'])
    expect(lines).toEqual(['warn: no more than 1 devices are announced to Home Assistant'])
  })

  it('a broker that refuses the first is sent no other, and readings go on', () => {
    const { said } = run((at, source$) => at(1, () => source$.next(readingOf(kitchen))), { isTaken: false })
    expect(said).toEqual(['kitchen/temp'])
  })

  const expectation = (...topics: readonly Description[]): Expected => ({
    topics,
    identities: [],
    strangers: false,
  })

  it('what sections can say is announced at once; what is gone after a reload is cleared, a component first by itself', () => {
    const expected$ = new Subject<Expected>()
    const { said } = run(
      (at) => {
        at(1, () => expected$.next(expectation(kitchen, humidity, about('hall/temp'))))
        at(10, () => expected$.next(expectation(kitchen)))
      },
      { expected: expected$ },
    )
    expect(said).toEqual([
      ...['kitchen: temp,humi', 'hall: temp', 'hall cleared'],
      ...['kitchen: temp,humi', 'kitchen: temp'],
    ])
  })

  it('what was cleared is announced again after two seconds at the earliest', () => {
    const expected$ = new Subject<Expected>()
    const { said } = run(
      (at) => {
        at(1, () => expected$.next(expectation(kitchen)))
        at(10, () => expected$.next(expectation()))
        at(20, () => expected$.next(expectation(kitchen)))
      },
      { expected: expected$ },
    )
    expect(said).toEqual(['kitchen: temp', 'kitchen cleared', 'kitchen: temp'])
  })

  it('a birth is answered with everything, once in ten seconds however often it is said', () => {
    const births$ = new Subject<Message>()
    const listen = (topic: string) => (topic === 'homeassistant/status' ? births$ : NEVER)
    const { repeated } = run(
      (at) => {
        for (let time = 1; time < 9000; time += 100)
          at(time, () => births$.next(message('homeassistant/status', 'online', false)))
        at(9500, () => births$.next(message('homeassistant/status', 'offline', false)))
      },
      { link$: of({ listen }) },
    )
    expect(repeated).toEqual(['readings', 'everything', 'everything'])
  })

  it('fail with their link', () =>
    marbles(({ expectObservable }) => {
      const error = new Error('no link')
      const [link$, settled$] = [throwError(() => error), NEVER]
      const options = { publishing, link$, settled$, repeat: () => undefined, log: recordedLog().log }
      const out$ = NEVER.pipe(homeAssistant(options), ignoreElements())
      expectObservable(out$).toBe('#', undefined, error)
    }))

  const earlier = message(
    'homeassistant/device/sr_home_kitchen/config',
    JSON.stringify({
      device: { via_device: 'sr_home' },
      origin: { name: 'sensor-reporter' },
      components: { temp: { platform: 'sensor' }, probe2: { platform: 'sensor' } },
    }),
  )

  it('one of an earlier run keeps what it had, though its device is heard much later, and of that only a part', () => {
    const documents$ = new Subject<Message>()
    const listen = (topic: string) => (topic.endsWith('/config') ? documents$ : NEVER)
    const { said } = run(
      (at, source$) => {
        at(1, () => documents$.next(earlier))
        at(60_000, () => source$.next(readingOf(kitchen)))
      },
      { link$: of({ listen }) },
    )
    expect(said).toEqual(['kitchen: temp,probe2', 'kitchen/temp'])
  })

  it('one of an earlier run stays where a reload brings its device back while the broker is still read', () => {
    const expected$ = new Subject<Expected>()
    const documents$ = new Subject<Message>()
    const listen = (topic: string) => (topic.endsWith('/config') ? documents$ : NEVER)
    const { said } = run(
      (at) => {
        at(1, () => expected$.next(expectation()))
        at(2, () => documents$.next(earlier))
        at(10, () => expected$.next(expectation(kitchen)))
      },
      { link$: of({ listen }), expected: expected$ },
    )
    expect(said).toEqual(['kitchen: temp,probe2', 'kitchen: temp'])
  })

  it('of an earlier run that of a device which is gone is cleared, of one that is silent stays, and another’s is left alone', () => {
    const document = (id: string, root: string, origin = 'sensor-reporter') =>
      message(
        `homeassistant/device/${id}/config`,
        JSON.stringify({
          device: { identifiers: [id], via_device: root },
          origin: { name: origin },
          components: { temp: { platform: 'sensor' } },
        }),
      )
    const { device } = gatewayDocument({ ...publishing, rootTopic: 'old' })
    const former = JSON.stringify({ device, origin: { name: 'sensor-reporter' }, components: { x: {} } })
    const messages = [
      ...[document('sr_home_gone', 'sr_home'), document('sr_home_a4c138112233', 'sr_home')],
      ...[
        document('sr_home_x', 'sr_home', 'zigbee2mqtt'),
        document('sr_other_x', 'sr_other'),
        message('x/y', '{'),
      ],
      ...[document('sr_old_x', 'sr_old'), message('homeassistant/device/sr_old/config', former)],
    ]
    const documents$ = new Subject<Message>()
    const listen = (topic: string) => (topic.endsWith('/config') ? documents$ : NEVER)
    const { said } = run((at) => at(1, () => messages.forEach((each) => documents$.next(each))), {
      link$: of({ listen }),
      expected: of({ topics: [], identities: ['a4c138112233'], strangers: false }),
    })
    expect(said).toEqual(['gone cleared', 'sr_old_x cleared', 'sr_old cleared'])
  })
})
