import type { Socket } from 'node:net'
import { MqttClient } from 'mqtt'
import {
  BehaviorSubject,
  Observable,
  Subject,
  asyncScheduler,
  concat,
  fromEvent,
  ignoreElements,
  last,
  merge,
  mergeMap,
  of,
  race,
  switchMap,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs'
import type { LinkState } from '../delivery/linkState.js'
import type { Logger } from '../logging/logger.js'
import type { Command } from '../model.js'
import { withoutEchoes } from '../operators/withoutEchoes.js'
import { announce } from './announce.js'
import { carrier, type Carrier } from './carrier.js'
import { clientOptions } from './clientOptions.js'
import { endings } from './endings.js'
import { LinkError } from './linkError.js'
import { messagesOn } from './messagesOn.js'
import type { MqttOptions } from './mqttOptions.js'
import { obeyKeepalive } from './obeyKeepalive.js'
import { openSocket } from './openSocket.js'
import type { PublishOptions } from './publishOptions.js'
import { type Outcome, type Publisher, publisher } from './publisher.js'
import { readCommands } from './readCommands.js'
import { refreshRequests } from './refreshRequests.js'
import { rejectMissingIds } from './rejectMissingIds.js'
import { signOff } from './signOff.js'
import { watchExpiry } from './watchExpiry.js'

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
const patience = 2000

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
      switchMap(() => race(announce(client, status, 'ONLINE'), timer(patience))),
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
