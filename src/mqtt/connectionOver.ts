import {
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
  of,
  Subject,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs'
import { remember } from '../bounded.js'
import { deliveryCounts } from '../delivery/deliveryCounts.js'
import type { Logger } from '../logging/logger.js'
import type { Connection, Reading } from '../model.js'
import { outbox } from '../operators/outbox.js'
import { refreshable } from '../operators/refreshable.js'
import { health } from './health.js'
import { howToPublish } from './howToPublish.js'
import { jsonReports } from './jsonReports.js'
import type { Metrics } from './metrics.js'
import type { MqttClient } from './mqttClient.js'
import type { MqttObservers } from './mqttObservers.js'
import type { MqttOptions } from './mqttOptions.js'
import { openSpools } from './openSpools.js'
import { payload } from './payload.js'
import { sayOverflow } from './sayOverflow.js'
import { topicsBelow } from './topicsBelow.js'

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
