import { MqttClient } from 'mqtt'
import {
  BehaviorSubject,
  Observable,
  Subject,
  asyncScheduler,
  concat,
  filter,
  fromEvent,
  ignoreElements,
  last,
  map,
  merge,
  mergeMap,
  of,
  race,
  switchMap,
  take,
  takeUntil,
  tap,
  throttleTime,
  throwError,
  timer,
} from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Command, Reading } from '../model.js'
import { withoutEchoes } from '../operators/withoutEchoes.js'
import { announce } from './announce.js'
import { clientOptions } from './clientOptions.js'
import { LinkError } from './linkError.js'
import { messagesOn } from './messagesOn.js'
import type { MqttOptions } from './mqttOptions.js'
import { openSocket } from './openSocket.js'
import { readCommands } from './readCommands.js'
import { rejectMissingIds } from './rejectMissingIds.js'
import { signOff } from './signOff.js'

/** A link to a broker that has been told ONLINE. */
export interface Link {
  /** Whether it takes readings: false at first, while the broker does not keep up, and when the link is over. */
  readonly open$: Observable<boolean>
  /** Someone asks for the latest readings. */
  readonly refresh$: Observable<unknown>
  /** Commands for the actuators; the broker sends them from the moment somebody subscribes. */
  readonly commands$: Observable<Command>
  /**
   * With `retain` the broker acknowledges it and keeps it for whoever subscribes later; nobody waits for that. With `echo`
   * it does not come back as a command.
   */
  readonly publish: (topic: string, payload: string, options?: Pick<Reading, 'retain' | 'echo'>) => void
}

const retained = { qos: 1, retain: true } as const

/** A broker that never acknowledges ONLINE must not hold the readings back for ever. */
const patience = 2000

/**
 * Connects, says ONLINE and emits the link; fails with a LinkError when it breaks. When `stop$` emits it signs off
 * and completes; unsubscribing signs off too, but nobody waits for that.
 */
export const link = (options: MqttOptions, log: Logger, stop$: Observable<unknown>): Observable<Link> =>
  new Observable((subscriber) => {
    const status = `${options.rootTopic}/status`
    const open$ = new BehaviorSubject(false)
    const refresh$ = new Subject<unknown>()
    const echoes$ = new Subject<Pick<Command, 'source' | 'payload'>>()
    const socket = openSocket(options)
    const client = new MqttClient(() => socket, clientOptions(options))
    let connectedAt: number | undefined

    // An error after the link is over is nobody's business, but with no listener at all it would end the program.
    client.on('error', () => undefined)
    client.on('connect', () => (connectedAt = asyncScheduler.now()))
    socket.on('drain', () => open$.next(true))
    rejectMissingIds(client)

    const publish: Link['publish'] = (topic, payload, { retain, echo } = {}) => {
      if (echo) echoes$.next({ source: topic.slice(options.rootTopic.length + 1), payload })
      client.publish(topic, payload, retain ? retained : {})
      if (socket.writableNeedDrain) open$.next(false)
    }
    const sources = options.commandSources ?? []
    const commands$ = messagesOn(
      client,
      sources.map((source) => `${options.rootTopic}/${source}`),
      log,
    ).pipe(
      readCommands(options.name, options.rootTopic, log),
      withoutEchoes(echoes$),
      takeUntil(open$.pipe(last(() => true, false))),
    )
    const online$ = fromEvent(client, 'connect').pipe(
      switchMap(() => race(announce(client, status, 'ONLINE'), timer(patience))),
      take(1),
      // Who receives the link repeats the latest readings into an outbox that is still closed. Only then it opens:
      // so what was waiting and what is repeated goes out once.
      mergeMap(() =>
        of({ open$, refresh$, commands$, publish }).pipe(tap({ complete: () => open$.next(true) })),
      ),
    )
    const requests$ = fromEvent(client, 'connect').pipe(
      switchMap(() => messagesOn(client, [`${options.rootTopic}/refresh`], log)),
      filter(({ retained }) => !retained),
      // Whoever asks without pause is answered ten times a second; each answer is the latest of everything.
      throttleTime(100, asyncScheduler, { leading: true, trailing: true }),
      tap(refresh$),
      ignoreElements(),
    )
    const broken$ = merge(
      fromEvent(client, 'error') as Observable<Error>,
      fromEvent(client, 'close').pipe(map(() => undefined)),
    ).pipe(
      mergeMap((cause) => {
        socket.destroy()
        const lasted = connectedAt === undefined ? undefined : asyncScheduler.now() - connectedAt
        return throwError(() => new LinkError(cause, lasted))
      }),
    )
    const signedOff$ = signOff(client, status)
    concat(merge(online$, requests$, broken$).pipe(takeUntil(stop$)), signedOff$).subscribe(subscriber)
    return () => {
      open$.next(false)
      open$.complete()
      signedOff$.subscribe()
    }
  })
