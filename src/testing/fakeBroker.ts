import { NEVER, of, ReplaySubject, Subject, type Observable } from 'rxjs'
import type { Command, Connection } from '../model.js'
import { connectionOver } from '../mqtt/connectionOver.js'
import type { FakeBrokerOptions } from './fakeBrokerOptions.js'
import { fakeClient } from './fakeClient.js'
import type { PublishedMessage } from './publishedMessage.js'

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
  const open = () => fakeClient({ name, rootTopic, up$, commands$ }, { published$, status$, sent$ })
  return {
    connection: connectionOver(open, { name, rootTopic, delivery }, log),
    published$,
    status$,
    send: (command) => sent$.next(command),
  }
}
