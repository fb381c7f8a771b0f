import { createHash, timingSafeEqual } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Aedes, AedesOptions, Client } from 'aedes'
import {
  defer,
  finalize,
  from,
  type MonoTypeOperatorFunction,
  Observable,
  Subject,
  switchMap,
  takeUntil,
} from 'rxjs'
import * as z from 'zod'
import { checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { host, integer, milliseconds, mqttString, secret } from '../fields/fields.js'
import type { Logger } from '../model.js'
import { guarded, ofClients } from './guard.js'

/**
 * Runs an MQTT broker inside the program while it is subscribed, and emits its port once it listens. Nothing is kept on
 * disk. Fails when it cannot listen, saying why; the error of the system is the `cause`.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * embeddedBroker({ port: 0 }).pipe(map(({ port }) => port > 0))
 * // → true, …
 */
export function embeddedBroker(given: EmbeddedBrokerOptions = {}): Observable<ListeningBroker> {
  const stated = checked('embeddedBroker', brokerInCode, given)
  const options = {
    ...stated,
    host: stated.host ?? 'localhost',
    port: stated.port ?? 1883,
    log: stated.log ?? console,
  }
  // Loaded on demand: most daemons use a broker that is there already.
  return defer(() => import('aedes')).pipe(
    switchMap(({ Aedes }) => {
      const broker = new Aedes({
        authenticate: authenticate(options),
        authorizePublish: boundRetained(options.log),
        connectTimeout: options.connectWithin ?? 10_000,
        drainTimeout: 10_000,
      })
      const refused = (client: Client, error: Error) =>
        options.log.debug('client', client.id, 'fails:', error)
      broker.on('clientError', refused).on('connectionError', refused)
      // Its types do not know 'error', which would end the process if nobody listened.
      const events: EventEmitter = broker
      events.on('error', (error: Error) => options.log.warn('embedded broker:', error))
      const ready = broker.listen()
      return from(ready).pipe(
        switchMap(() => listen(broker, options)),
        finalize(() => void ready.then(() => broker.close())),
      )
    }),
  )
}

const brokerInCode = optionsInCode({
  host: inCode(host).optional(),
  port: inCode(integer(0, 65_535)).optional(),
  user: inCode(mqttString).optional(),
  password: inCode(secret).optional(),
  connectWithin: inCode(milliseconds(1)).optional(),
  mostConnections: inCode(integer(1)).optional(),
  log: z.unknown().optional(),
}).refine(({ user, password }) => (user === undefined) === (password === undefined), {
  error: 'expected user and password, or neither of them, got only one',
})

/** Where the embedded broker listens and whom it lets in. */
export interface EmbeddedBrokerOptions {
  /** Address of this machine; `localhost` cannot be reached from any other. @default 'localhost' */
  readonly host?: string
  /** 0 takes any that is free. @default 1883 */
  readonly port?: number
  /** Who may log in; everybody when absent. */
  readonly user?: string
  /** Needed with `user`. */
  readonly password?: string
  /** Milliseconds that a client may take from the connection to CONNECT. @default 10_000 */
  readonly connectWithin?: number
  /** How many may be connected at once. @default 500 */
  readonly mostConnections?: number
  /** Told of clients that fail, and of its own trouble. @default console */
  readonly log?: Logger
}

type Complete = EmbeddedBrokerOptions & Required<Pick<EmbeddedBrokerOptions, 'host' | 'port' | 'log'>>

/** An embedded broker that listens. */
export interface ListeningBroker {
  /** The port that it listens on. */
  readonly port: number
}

/**
 * Runs the source beside a broker: it starts when the broker listens, and the broker closes when it has ended.
 *
 * @example daemon(reporters$, stop$).pipe(served(embeddedBroker({ host: 'localhost', port: 1883, log })))
 */
export const served =
  <T>(broker$: Observable<unknown>): MonoTypeOperatorFunction<T> =>
  (source$) =>
    defer(() => {
      const ended$ = new Subject<void>()
      const running$ = source$.pipe(finalize(() => ended$.next()))
      return broker$.pipe(
        switchMap(() => running$),
        takeUntil(ended$),
      )
    })

const authenticate =
  ({ user, password }: EmbeddedBrokerOptions): NonNullable<AedesOptions['authenticate']> =>
  (_client, givenUser, givenPassword, done) => {
    const known = [same(givenUser, user), same(givenPassword, password)].every(Boolean)
    if (user === undefined || known) done(null, true)
    else done(Object.assign(new Error('bad user name or password'), { returnCode: 4 as const }), false)
  }

// Digests have one length, and comparing them takes the same time whatever was given.
const same = (given: string | Uint8Array = '', expected = ''): boolean => {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

/** Who has not logged in is no more than these: beyond them the oldest is turned away. */
const mostStrangers = 64

/** Topics that are retained, and bytes of their messages. */
const mostTopics = 10_000
const mostBytes = 64 * 2 ** 20

/** Lets messages pass, but not be retained where that would be more than the memory is to hold; the log hears of it once. */
function boundRetained(log: Logger): NonNullable<AedesOptions['authorizePublish']> {
  const retained = new Map<string, number>()
  let bytes = 0
  let isFull = false
  return (_client, packet, done) => {
    if (packet.retain) {
      const before = retained.get(packet.topic)
      const size = packet.payload.length
      const after = bytes - (before ?? 0) + size
      if (size > 0 && (after > mostBytes || (before === undefined && retained.size >= mostTopics))) {
        packet.retain = false
        if (!isFull)
          log.warn(
            `embedded broker: no more than ${mostTopics} topics and 64 MiB are retained: others are only passed on`,
          )
        isFull = true
      } else {
        bytes = after
        if (size > 0) retained.set(packet.topic, size)
        else retained.delete(packet.topic)
      }
    }
    done(null)
  }
}

const listen = (broker: Aedes, options: Complete): Observable<ListeningBroker> =>
  new Observable((subscriber) => {
    const sockets = new Set<Socket>()
    /** Those that have not logged in, the oldest first, by what aedes knows of them. */
    const strangers = new Map<Duplex, Socket>()
    const server = createServer((socket) => {
      const stream = guarded(socket, ofClients)
      sockets.add(socket)
      strangers.set(stream, socket)
      socket.once('close', () => {
        sockets.delete(socket)
        strangers.delete(stream)
      })
      const [oldest] = strangers.values()
      if (strangers.size > mostStrangers) oldest?.destroy()
      broker.handle(stream)
    })
    const { mostConnections = 500 } = options
    server.maxConnections = mostConnections
    broker.on('clientReady', ({ conn }) => strangers.delete(conn))
    let isFull = false
    server.on('drop', () => {
      if (!isFull)
        options.log.warn(
          `embedded broker: more than ${mostConnections} connections at once: the others are refused`,
        )
      isFull = true
    })
    server.on('error', (error) => subscriber.error(explained(error, options)))
    server.listen(options.port, options.host === 'localhost' ? '127.0.0.1' : options.host, () =>
      subscriber.next({ port: (server.address() as AddressInfo).port }),
    )
    return () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
  })

const explained = (error: NodeJS.ErrnoException, { host, port }: Complete): Error => {
  const advice =
    {
      EADDRINUSE: 'it is taken. Is another broker running? Then leave out --broker, or choose another port.',
      EACCES: 'ports below 1024 need privileges. Choose another port.',
      EADDRNOTAVAIL:
        'that is not an address of this machine. Take localhost for the host, or leave out --broker.',
    }[error.code ?? ''] ?? error.message
  return new Error(`The embedded broker cannot listen on port ${port} of ${host}: ${advice}`, {
    cause: error,
  })
}
