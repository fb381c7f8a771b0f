import {
  combineLatest,
  concat,
  concatWith,
  defer,
  EMPTY,
  endWith,
  filter,
  finalize,
  ignoreElements,
  interval,
  map,
  merge,
  type Observable,
  of,
  Subject,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs'
import { deliveryCounts, type DropReason } from '../delivery/counts.js'
import type { Spool } from '../delivery/spool.js'
import { remember } from '../memory.js'
import { type Connection, type Logger, payload, type Reading } from '../model.js'
import { outbox } from '../operators/outbox.js'
import { refreshable } from '../operators/refreshable.js'
import { openSpool, type SpoolOptions } from '../spool/openSpool.js'
import { health } from './health.js'
import { jsonReports } from './json.js'
import { mqttClient, type MqttClient } from './mqttClient.js'
import type { Metrics, MqttObservers, MqttOptions } from './options.js'
import { howToPublish, topicsBelow } from './topics.js'

/**
 * Publishes readings on an MQTT broker, for as long as it takes to find it again whenever it is lost; the latest readings are
 * repeated then, and whenever a message comes in on `<rootTopic>/refresh`. What becomes of readings meanwhile is up to their
 * `delivery`, or to that of the connection. `<rootTopic>/status` says ONLINE or OFFLINE, `<rootTopic>/health` how
 * many readings were delivered. Emits what comes in on `<rootTopic>/<command source>`. It completes after the readings have completed
 * and the broker has been told.
 *
 * ![marble diagram](../../marbles/reconnect.svg)
 *
 * @example
 * const home = mqttConnection(
 *   {
 *     name: 'home',
 *     client: 'attic',
 *     host: 'localhost',
 *     port: 1883,
 *     keepalive: 10_000,
 *     rootTopic: 'home',
 *     delivery: { qos: 1, offline: { last: 10 } },
 *   },
 *   console,
 * )
 * report({ sensors: [of({ destination: 'attic/temp_c', value: 21.5 })], connections: [home] })
 */
export const mqttConnection = (options: MqttOptions, log: Logger, observers?: MqttObservers): Connection =>
  connectionOver(() => mqttClient(options, log), options, log, observers)

const stateLimit = 20_000

type ConnectionOptions = Pick<
  MqttOptions,
  'name' | 'rootTopic' | 'delivery' | 'spools' | 'spoolSize' | 'messageExpiry' | 'format' | 'health'
>

/** All of a connection but the client that it opens: what goes out when, and what of it is remembered, counted and said again. */
export const connectionOver =
  (
    open: () => MqttClient,
    options: ConnectionOptions,
    log: Logger,
    { metrics: observer = {} }: MqttObservers = {},
  ): Connection =>
  (readings$) =>
    defer(() => {
      const { delivery = {}, spools = {}, spoolSize = 10 * 2 ** 20 } = options
      const client = open()
      const topicOf = topicsBelow(options.rootTopic, log)
      const states = new Map<string, Reading>()
      const settled$ = new Subject<Reading>()
      const metrics: Metrics = {
        offered: 0,
        published: 0,
        acknowledged: 0,
        ...deliveryCounts(),
        reconnects: -1,
      }
      const overflow = sayOverflow(log)

      const publish = (reading: Reading) => {
        const topic = topicOf(reading.destination)
        if (topic === undefined) {
          metrics.dropped.invalid += 1
          settled$.next(reading)
          return
        }
        metrics.published += 1
        const how = howToPublish(reading, delivery)
        if (how.qos === 0) client.publish(topic, payload(reading), how)
        else
          client.publish(topic, payload(reading), how, (outcome) => {
            if (outcome === 'lost') return
            if (outcome === 'acknowledged') metrics.acknowledged += 1
            else metrics.dropped.refused += 1
            settled$.next(reading)
          })
      }
      const closed$ = client.online$.pipe(ignoreElements(), endWith(null))
      const again$ = options.messageExpiry
        ? interval(options.messageExpiry / 2).pipe(takeUntil(closed$))
        : EMPTY
      // A broker that was restarted may have lost what it was to retain.
      const restated$ = client.online$.pipe(
        map((_, links) => links),
        tap((links) => (metrics.reconnects = links)),
        // Nor may it forget a state that is still true, though it forgets retained messages after a while.
        switchMap(() => concat(of(0), again$)),
        tap(() => states.forEach(publish)),
        ignoreElements(),
      )
      const published$ = readings$.pipe(
        filter(({ to }) => to === undefined || to.includes(options.name)),
        jsonReports(options.format ?? 'plain'),
        tap(() => (metrics.offered += 1)),
        refreshable(client.refresh$),
        outbox(client.state$.pipe(tap((state) => state === 'open' && overflow.back())), {
          delivery,
          acknowledged$: settled$,
          spools$: openSpools(spools, { size: spoolSize, log }),
          counts: metrics,
          onDrop: overflow.dropped,
          onEnd: overflow.ended,
        }),
        tap((reading) => {
          if (reading.retain) remember(states, reading.destination, reading, stateLimit)
          publish(reading)
        }),
        ignoreElements(),
        concatWith(client.close$),
      )
      const health$ = health(options, metrics, client).pipe(tap(observer), ignoreElements())
      return merge(client.commands$, restated$, published$, health$).pipe(
        finalize(() => client.unsubscribe()),
      )
    })

/** Opens spools, given their files by the names that deliveries use, and emits them by these names; unsubscribing closes them. */
function openSpools(
  files: Readonly<Record<string, string>>,
  options: SpoolOptions,
): Observable<ReadonlyMap<string, Spool>> {
  const opened = Object.entries(files).map(([name, file]) =>
    openSpool(file, options).pipe(map((spool) => [name, spool] as const)),
  )
  return opened.length > 0 ? combineLatest(opened).pipe(map((spools) => new Map(spools))) : of(new Map())
}

/** Says in the log that readings are lost because too many wait, once, and how many those were when the link is back. */
export function sayOverflow(log: Logger) {
  let lost = 0
  return {
    dropped: (reason: DropReason): void => {
      if (reason !== 'overflow') return
      if (lost === 0) log.warn('no more readings can wait for the broker: the oldest are dropped')
      lost += 1
    },
    ended: (unsaved: number): void => {
      if (unsaved > 0)
        log.warn(
          `${unsaved} readings that waited for the broker are lost: with a Spool they would be delivered later`,
        )
    },
    back: (): void => {
      if (lost > 0) log.warn(`${lost} readings were dropped, since no more could wait for the broker`)
      lost = 0
    },
  }
}
