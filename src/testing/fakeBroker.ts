import {
  asyncScheduler,
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  type Observer,
  of,
  ReplaySubject,
  Subject,
  takeUntil,
  tap,
  throttleTime,
} from 'rxjs'
import type { LinkState } from '../delivery/deliveries.js'
import type { Command, Connection, Delivery, Logger } from '../model.js'
import type { Link } from '../mqtt/link.js'
import { connectionOver } from '../mqtt/mqttConnection.js'
import { withoutEchoes } from '../operators/withoutEchoes.js'

/** A broker that exists in the memory of a test alone, and the connection to it. */
export interface FakeBroker {
  /** Takes the place of `mqttConnection(…)`. */
  readonly connection: Connection
  /** The readings it was sent, as messages; whoever subscribes later gets them all at once. Never completes. */
  readonly published$: Observable<PublishedMessage>
  /** What subscribers read on `<rootTopic>/status`, recorded likewise. */
  readonly status$: Observable<'ONLINE' | 'OFFLINE'>
  /** Publishes below the root topic what others would, like `commands$`. Nobody hears it while the broker is down. */
  readonly send: (command: Pick<Command, 'source' | 'payload'>) => void
}

/** A message as subscribers of the broker get it; QoS 0 and "not retained" are left out. */
export interface PublishedMessage {
  /** The whole topic, with the root. */
  readonly topic: string
  /** Its text. */
  readonly payload: string
  /** Quality of service; absent for 0. */
  readonly qos?: 1 | 2
  /** The broker was asked to keep it. */
  readonly retain?: true
}

/** What a fake broker may be told. */
export interface FakeBrokerOptions {
  /** Name of its connection, for readings that are addressed. @default 'fake' */
  readonly name?: string
  /** What its topics begin with. @default 'test' */
  readonly rootTopic?: string
  /** Whether it can be reached, as a marble line of `true` and `false`. @default always */
  readonly up$?: Observable<boolean>
  /** What others publish below the root topic: a command for an actuator; with the source `refresh`, a wish for the latest readings. */
  readonly commands$?: Observable<Pick<Command, 'source' | 'payload'>>
  /** How readings are delivered that do not say so themselves. @default QoS 0, the latest is kept while the broker is down */
  readonly delivery?: Delivery
  /** Told of readings that cannot be published. @default console */
  readonly log?: Logger
}

/**
 * A broker for tests in virtual time: it records what its connection publishes, sends commands, and goes up and down on a
 * marble line. Between the reading and the message all is as in `mqttConnection`: topics and payloads, refresh, what is
 * kept while the broker is down, echoes. Sockets, logins and a broker's limits are not: for these, test with a real broker.
 *
 * @example
 * marbles(({ hot, expectObservable }) => {
 *   const up = '        o---x-------o-'
 *   const readings = '  --a---b---c---'
 *   const published = ' --a---------(c)'
 *   const attic = (value: number) => ({ destination: 'attic', value })
 *   const message = (payload: string) => ({ topic: 'test/attic', payload })
 *
 *   const broker = fakeBroker({ up$: hot(up, { o: true, x: false }) })
 *   const readings$ = hot(readings, { a: attic(1), b: attic(2), c: attic(3) })
 *   report({ sensors: [readings$], connections: [broker.connection] }).subscribe()
 *   expectObservable(broker.published$).toBe(published, { a: message('1'), c: message('3') })
 * })
 */
export function fakeBroker({
  name = 'fake',
  rootTopic = 'test',
  up$ = of(true),
  commands$ = NEVER,
  delivery = {},
  log = console,
}: FakeBrokerOptions = {}): FakeBroker {
  const published$ = new ReplaySubject<PublishedMessage>(Infinity)
  const status$ = new ReplaySubject<'ONLINE' | 'OFFLINE'>(Infinity)
  const sent$ = new Subject<Pick<Command, 'source' | 'payload'>>()
  const wire: FakeWire = { name, rootTopic, up$, messages$: merge(commands$, sent$), published$, status$ }
  return {
    connection: connectionOver(
      (stop$) => fakeLinks(wire, stop$),
      { name, client: name, rootTopic, delivery },
      log,
    ),
    published$,
    status$,
    send: (command) => sent$.next(command),
  }
}

/** The fake broker, as its clients see it. */
interface FakeWire {
  readonly name: string
  readonly rootTopic: string
  readonly up$: Observable<boolean>
  /** What others publish below the root topic. */
  readonly messages$: Observable<Pick<Command, 'source' | 'payload'>>
  readonly published$: Pick<Observer<PublishedMessage>, 'next'>
  readonly status$: Pick<Observer<'ONLINE' | 'OFFLINE'>, 'next'>
}

/** The links of the fake broker, in the place of those of a client that speaks MQTT; until `stop$` emits. */
const fakeLinks = (
  { name, rootTopic, up$, messages$, published$, status$ }: FakeWire,
  stop$: Observable<unknown>,
): Observable<Link> =>
  defer(() => {
    const state$ = new BehaviorSubject<LinkState>('down')
    const heard$ = new Subject<Pick<Command, 'source' | 'payload'>>()
    const echoes$ = new Subject<Pick<Command, 'source' | 'payload'>>()
    const link: Link = {
      state$,
      listen: () => NEVER,
      refresh$: heard$.pipe(
        filter(({ source }) => source === 'refresh'),
        throttleTime(100, asyncScheduler, { leading: true, trailing: true }),
      ),
      commands$: heard$.pipe(
        filter(({ source }) => source !== 'refresh'),
        map((command): Command => ({ ...command, from: name })),
        withoutEchoes(echoes$),
      ),
      publish: (topic, payload, { qos, retain, echo }, settled) => {
        published$.next({ topic, payload, ...(qos !== 0 && { qos }), ...(retain && { retain }) })
        if (echo) echoes$.next({ source: topic.slice(rootTopic.length + 1), payload })
        settled?.('acknowledged')
      },
    }
    const goDown = () => {
      if (state$.value === 'down') return
      state$.next('down')
      status$.next('OFFLINE')
    }
    const links$ = up$.pipe(
      distinctUntilChanged(),
      mergeMap((up) => {
        if (!up) {
          goDown()
          return EMPTY
        }
        status$.next('ONLINE')
        // States and the latest readings are repeated into an outbox that is still closed, so each goes out once.
        return of(link).pipe(tap({ complete: () => state$.next('open') }))
      }),
    )
    const hearing$ = messages$.pipe(
      filter(() => state$.value === 'open'),
      tap((command) => heard$.next(command)),
      ignoreElements(),
    )
    return merge(links$, hearing$).pipe(
      takeUntil(stop$.pipe(tap(goDown))),
      finalize(() => {
        goDown()
        heard$.complete()
      }),
    )
  })
