import type { Socket } from 'node:net'
import { type IClientOptions, MqttClient, type Packet } from 'mqtt'
import {
  asyncScheduler,
  BehaviorSubject,
  concat,
  defer,
  delay,
  EMPTY,
  finalize,
  fromEvent,
  ignoreElements,
  last,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  race,
  Subject,
  switchMap,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs'
import type { LinkState } from '../delivery/counts.js'
import type { Command, Logger } from '../model.js'
import { withoutEchoes } from '../operators/withoutEchoes.js'
import { watchExpiry } from './expiry.js'
import { messagesOn, readCommands, refreshRequests } from './incoming.js'
import type { MqttOptions, PublishOptions } from './options.js'
import { type Outcome, type Publisher, publisher } from './publisher.js'
import { LinkError, reasonCode } from './reasons.js'
import { carrier, type Carrier, openSocket } from './socket.js'

/** A link to a broker that has been told ONLINE. */
export interface Link {
  /** Whether it takes readings: down at first and when it is over, full while the broker does not keep up. */
  readonly state$: Observable<LinkState>
  /** Someone asks for the latest readings. */
  readonly refresh$: Observable<unknown>
  /** Commands for the actuators; the broker sends them from the moment somebody subscribes. */
  readonly commands$: Observable<Command>
  /** Tells what became of a message in `settled`, if anybody wants to know and the link lives to see it. */
  readonly publish: (
    topic: string,
    payload: string,
    options: PublishOptions,
    settled?: (outcome: Outcome) => void,
  ) => void
}

/** A broker that never acknowledges ONLINE must not hold the readings back for ever. */
const onlinePatience = 2000

/**
 * Connects, says ONLINE and emits the link; fails with a LinkError when it breaks. When `stop$` emits it signs off
 * and completes; unsubscribing signs off too, but nobody waits for that.
 */
export function link(options: MqttOptions, log: Logger, stop$: Observable<unknown>): Observable<Link> {
  // What these have said once they do not say again at the next link.
  const lasting = { expiryOf: watchExpiry(options, log), publisherOf: publisher(options, log) }
  return carrier(options).pipe(switchMap((carry) => attempt(options, log, stop$, { ...lasting, carry })))
}

interface Parts {
  readonly expiryOf: (socket: Socket) => Observable<never>
  readonly publisherOf: (client: MqttClient) => Publisher
  readonly carry: Carrier
}

const attempt = (
  options: MqttOptions,
  log: Logger,
  stop$: Observable<unknown>,
  { expiryOf, publisherOf, carry }: Parts,
): Observable<Link> =>
  new Observable((subscriber) => {
    const status = `${options.rootTopic}/status`
    const state$ = new BehaviorSubject<LinkState>('down')
    const refresh$ = new Subject<unknown>()
    const echoes$ = new Subject<Pick<Command, 'source' | 'payload'>>()
    const socket = openSocket(options)
    const stream = carry(options, socket)
    const client = new MqttClient(() => stream, clientOptions(options))
    const publisher = publisherOf(client)
    let connectedAt: number | undefined

    // An error after the link is over is nobody's business, but with no listener at all it would end the program.
    client.on('error', () => undefined)
    client.on('connect', () => (connectedAt = asyncScheduler.now()))
    stream.on('drain', () => state$.next('open'))
    rejectMissingIds(client)
    obeyKeepalive(client)

    const publish: Link['publish'] = (topic, payload, how, settled) => {
      if (how.echo) echoes$.next({ source: topic.slice(options.rootTopic.length + 1), payload })
      publisher.publish(topic, payload, how, settled)
      if (stream.writableNeedDrain) state$.next('full')
    }
    const sources = options.commandSources ?? []
    const commands$ = messagesOn(
      client,
      sources.map((source) => `${options.rootTopic}/${source}`),
      log,
    ).pipe(
      readCommands(options.name, options.rootTopic, log),
      withoutEchoes(echoes$),
      takeUntil(state$.pipe(last(() => true, false))),
    )
    const online$ = fromEvent(client, 'connect').pipe(
      switchMap(() => race(announce(client, status, 'ONLINE'), timer(onlinePatience))),
      take(1),
      // Who receives the link repeats the latest readings into an outbox that is still closed. Only then it opens:
      // so what was waiting and what is repeated goes out once.
      mergeMap(() =>
        of({ state$, refresh$, commands$, publish }).pipe(tap({ complete: () => state$.next('open') })),
      ),
    )
    const requests$ = refreshRequests(client, `${options.rootTopic}/refresh`, log).pipe(
      tap(refresh$),
      ignoreElements(),
    )
    const broken$ = merge(endings(client), publisher.overdue$).pipe(
      mergeMap((cause) => {
        stream.destroy()
        const lasted = connectedAt === undefined ? undefined : asyncScheduler.now() - connectedAt
        return throwError(() => new LinkError(cause, lasted))
      }),
    )
    const signedOff$ = signOff(client, status)
    concat(merge(online$, requests$, broken$, expiryOf(socket)).pipe(takeUntil(stop$)), signedOff$).subscribe(
      subscriber,
    )
    return () => {
      state$.next('down')
      state$.complete()
      signedOff$.subscribe()
    }
  })

/** Publishes a retained status at QoS 1 and completes, with one emission, when the broker has acknowledged it. */
const announce = (client: MqttClient, topic: string, status: 'ONLINE' | 'OFFLINE'): Observable<void> =>
  new Observable((subscriber) => {
    client.publish(topic, status, { qos: 1, retain: true, properties: statusFormat }, (error) => {
      if (error) return
      subscriber.next()
      subscriber.complete()
    })
  })

/** What MQTT 5 tells subscribers about the payloads on `<rootTopic>/status`; MQTT 3.1.1 has no room for it. */
const statusFormat = { contentType: 'text/plain', payloadFormatIndicator: true }

/** Our options in the words of MQTT.js. Nothing may be undefined there: it would erase a default. */
export const clientOptions = (options: MqttOptions): IClientOptions => ({
  clientId: options.client,
  ...(options.login && { username: options.login.user, password: options.login.password }),
  keepalive: Math.ceil(options.keepalive / 1000),
  will: {
    topic: `${options.rootTopic}/status`,
    payload: Buffer.from('OFFLINE'),
    qos: 1,
    retain: true,
    ...(options.version === '5' && { properties: statusFormat }),
  },
  protocolVersion: options.version === '5' ? 5 : 4,
  clean: true,
  // What is to survive the end of a link is in our outbox, nothing in a session at the broker.
  ...(options.version === '5' && { properties: { sessionExpiryInterval: 0 } }),
  connectTimeout: options.connectTimeout ?? 10_000,
  // One client is one link: reconnecting is ours, so a message of the last link never holds up the next one.
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  // These two save 19 MiB of ready-made numbers, and the debug texts of every packet.
  writeCache: false,
  log: () => undefined,
})

/**
 * Emits why a client loses its link, as the cause of a LinkError: an error, the goodbye of a broker that speaks MQTT 5
 * (`DISCONNECT_0x8E`), or `undefined` when it was just closed.
 */
export const endings = (client: MqttClient): Observable<Error | undefined> =>
  new Observable((subscriber) => {
    client.on('error', (error) => subscriber.next(error))
    client.on('disconnect', ({ reasonCode: code = 0 }) => {
      const error = new Error('the broker says goodbye')
      subscriber.next(Object.assign(error, { code: `DISCONNECT_${reasonCode(code)}` }))
    })
    client.on('close', () => subscriber.next(undefined))
  })

/** MQTT.js takes the keep-alive that a broker dictates only in place of one of ours: with none it would be cut off again and again. */
const obeyKeepalive = (client: MqttClient): void => {
  client.on('packetreceive', (packet: Packet) => {
    const dictated = packet.cmd === 'connack' ? packet.properties?.serverKeepAlive : undefined
    if (dictated !== undefined) client.options.keepalive = dictated
  })
}

/**
 * MQTT.js 5.16 throws when it acknowledges a message whose packet was too short to hold an id, which would end the
 * program: this makes a broken link of it.
 */
export const rejectMissingIds = (client: MqttClient): void => {
  client.on('packetreceive', (packet: Packet) => {
    if (packet.messageId !== -1) return
    packet.messageId = 0
    client.emit('error', new Error('a packet without a message id'))
  })
}

/** What a broker that hangs may cost a stop, ms. */
const goodbyePatience = 500

/**
 * Says OFFLINE, waits for the acknowledgement, disconnects and completes when the socket is closed: at once when there
 * is no link, after half a second in any case. Nothing stays open. Never emits.
 */
const signOff = (client: MqttClient, statusTopic: string): Observable<never> =>
  defer(() => {
    if (!client.connected || client.stream.destroyed) return EMPTY
    // DISCONNECT is the last word; a broker that then keeps its end open is not waited for.
    const closed$ = merge(fromEvent(client, 'close'), fromEvent(client.stream, 'finish').pipe(delay(100)))
    const goodbye$ = announce(client, statusTopic, 'OFFLINE').pipe(tap(() => client.end()))
    return concat(goodbye$, NEVER).pipe(takeUntil(merge(closed$, timer(goodbyePatience))))
  }).pipe(
    ignoreElements(),
    // MQTT.js leaves the socket open where it waits in vain, even when it is then told to end by force.
    finalize(() => client.stream.destroy()),
  )
