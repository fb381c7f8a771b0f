import type { MqttClient } from 'mqtt'
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
import type { LinkState } from '../delivery/deliveries.js'
import type { Command, Logger } from '../model.js'
import { withoutEchoes } from '../operators/withoutEchoes.js'
import { incomingCommands, type Message, messagesOn, refreshRequests, shunTooLarge } from './incoming.js'
import { clientOptions, endings, openClient, statusFormat } from './openClient.js'
import { brokerName, type BrokerOptions, usualCloseTimeout } from './options.js'
import { type Publish, publisher } from './publisher.js'
import { LinkError } from './reasons.js'
import { openWay, type Way } from './socket.js'
import { watchExpiry } from './tls.js'

/** A link to a broker that has been told ONLINE. */
export interface Link {
  /** Whether it takes readings: down at first and when it is over, full while the broker does not keep up. */
  readonly state$: Observable<LinkState>
  /** Someone asks for the latest readings. */
  readonly refresh$: Observable<unknown>
  /** Commands for the actuators; what has come since the broker accepted us waits here for the first who subscribes. */
  readonly commands$: Observable<Command>
  /** What comes in on another topic, or where one level may be any, while it is subscribed to. */
  readonly listen: (topicFilter: string) => Observable<Message>
  readonly publish: Publish
}

/** A broker that never acknowledges ONLINE must not hold the readings back for ever. */
const onlinePatience = 2000

/** Commands that may wait until then, and characters of them: as many as a house has switches, and a bound for attacks. */
const earlyLimit = { commands: 500, characters: 100_000 }

/**
 * Connects, says ONLINE and emits the link; fails with a LinkError when it breaks. When `stop$` emits it signs off
 * and completes; unsubscribing signs off too, but nobody waits for that.
 */
export function link(options: BrokerOptions, log: Logger, stop$: Observable<unknown>): Observable<Link> {
  const { rootTopic } = options
  const status = `${rootTopic}/status`
  // What these have logged once they do not log again at the next link.
  const publisherOf = publisher(options, log)
  const expiryOf = watchExpiry(options, log)
  const { shunned, ended } = shunTooLarge(log)
  // What is refused at one link is at the next.
  const logged = new Set<string>()
  const logOnce = {
    warn: (text: string) => {
      if (!logged.has(text)) log.warn(text)
      logged.add(text)
    },
  }
  /** Links in a row that the broker ended at ONLINE. */
  let unheard = 0

  const linkOver = ({ socket, stream }: Way) =>
    new Observable<Link>((subscriber) => {
      const state$ = new BehaviorSubject<LinkState>('down')
      const refresh$ = new Subject<unknown>()
      const client = openClient(stream, clientOptions(options))
      const { publish, echoes$, overdue$, unanswered, ...publisher } = publisherOf(
        client,
        () => state$.next('full'),
        () => {
          if (state$.value === 'full' && !stream.writableNeedDrain) state$.next('open')
        },
      )
      let connectedAt: number | undefined
      let isOnline = false

      const incoming$ = incomingCommands(client, options, log, shunned).pipe(
        withoutEchoes(echoes$),
        takeUntil(state$.pipe(last(() => true, false))),
      )
      const early: Command[] = []
      let characters = 0
      const keepEarly = (command: Command) => {
        const more = characters + command.payload.length
        if (early.length >= earlyLimit.commands || more > earlyLimit.characters) {
          logOnce.warn(
            'more commands came before the connection was ready than can wait for it: they are lost',
          )
          return
        }
        characters = more
        early.push(command)
      }
      const live$ = new Subject<Command>()
      client.once('connect', () => {
        connectedAt = asyncScheduler.now()
        // Before ONLINE is said, for who answers that with a command.
        incoming$.pipe(tap((command) => !live$.observed && keepEarly(command))).subscribe(live$)
      })
      const commands$ = concat(
        defer(() => {
          characters = 0
          return early.splice(0)
        }),
        live$,
      )
      stream.on('drain', () => state$.next('open'))

      const listen = (topicFilter: string) =>
        messagesOn(client, of([topicFilter]), 0, logOnce, shunned).pipe(
          takeUntil(state$.pipe(last(() => true, false))),
        )
      const online$ = fromEvent(client, 'connect').pipe(
        switchMap(() =>
          unheard < 2 ? race(announce(client, status, 'ONLINE'), timer(onlinePatience)) : of(undefined),
        ),
        take(1),
        tap(() => (isOnline = true)),
        // Who receives the link repeats the latest readings into an outbox that is still closed. Only then it opens:
        // so what was waiting and what is repeated goes out once.
        mergeMap(() =>
          of({ state$, refresh$, commands$, listen, publish }).pipe(
            tap({ complete: () => state$.next('open') }),
          ),
        ),
      )
      const requests$ = refreshRequests(client, `${rootTopic}/refresh`, log, shunned).pipe(
        tap((request) => refresh$.next(request)),
        ignoreElements(),
      )
      const broken$ = merge(endings(client), overdue$).pipe(
        mergeMap((cause) => {
          stream.destroy()
          const lasted = connectedAt === undefined ? undefined : asyncScheduler.now() - connectedAt
          const error = new LinkError(cause, lasted)
          ended(error)
          publisher.ended(error)
          unheard = error.punishes && !isOnline ? unheard + 1 : 0
          if (unheard === 2)
            log.warn(
              `the broker closes the connection whenever it is sent ONLINE on ${status}: it is left out`,
            )
          return throwError(() => error)
        }),
      )
      const signedOff$ = signOff(client, status, goodbyePatience)
      const { closeTimeout = usualCloseTimeout } = options
      const orderly$ = signOff(client, status, Math.max(closeTimeout, goodbyePatience), () => {
        const count = unanswered()
        if (count > 0)
          log.warn(
            `broker ${brokerName(options)} did not acknowledge the end: up to ${count} readings that were sent last may be lost`,
          )
      })
      const linked$ = merge(online$, requests$, broken$, expiryOf(socket)).pipe(takeUntil(stop$))
      concat(linked$, orderly$).subscribe(subscriber)
      return () => {
        state$.next('down')
        state$.complete()
        signedOff$.subscribe()
      }
    })
  return openWay(options).pipe(switchMap(linkOver))
}

/** What a broker that hangs may cost who does not wait for what it was sent, ms. */
export const goodbyePatience = 500

/**
 * Says OFFLINE, waits for the acknowledgement, disconnects and completes when the socket is closed: at once when there
 * is no link, after `patience` in any case. Nothing stays open. `unheard` is called where that was not acknowledged: then nobody
 * knows of what was sent before it, either. Never emits.
 */
const signOff = (
  client: MqttClient,
  statusTopic: string,
  patience: number,
  unheard: () => void = () => undefined,
): Observable<never> =>
  defer(() => {
    if (!client.connected || client.stream.destroyed) return EMPTY
    let heard = false
    // DISCONNECT is the last word; a broker that then keeps its end open is not waited for.
    const closed$ = merge(fromEvent(client, 'close'), fromEvent(client.stream, 'finish').pipe(delay(100)))
    const goodbye$ = announce(client, statusTopic, 'OFFLINE').pipe(
      tap(() => {
        heard = true
        client.end()
      }),
    )
    return concat(goodbye$, NEVER).pipe(
      takeUntil(merge(closed$, timer(patience))),
      finalize(() => {
        if (!heard) unheard()
      }),
    )
  }).pipe(
    ignoreElements(),
    // MQTT.js leaves the socket open where it waits in vain, even when it is then told to end by force.
    finalize(() => client.stream.destroy()),
  )

/** Publishes a retained status at QoS 1 and completes, with one emission, when the broker has acknowledged it. */
const announce = (client: MqttClient, topic: string, status: 'ONLINE' | 'OFFLINE'): Observable<void> =>
  new Observable((subscriber) => {
    client.publish(topic, status, { qos: 1, retain: true, properties: statusFormat }, (error) => {
      if (error) return
      subscriber.next()
      subscriber.complete()
    })
  })
