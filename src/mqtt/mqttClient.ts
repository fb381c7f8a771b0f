import {
  type Observable,
  ReplaySubject,
  type Unsubscribable,
  concat,
  defer,
  ignoreElements,
  of,
  startWith,
  switchMap,
  tap,
} from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Command } from '../model.js'
import { type Link, link } from './link.js'
import type { MqttOptions } from './mqttOptions.js'
import { narrate } from './narrate.js'
import { reconnect } from './reconnect.js'

/** A client that keeps a link to its broker as well as that can be done. Unsubscribing signs off without waiting. */
export interface MqttClient extends Unsubscribable {
  /** Whether readings can go out right now. */
  readonly open$: Observable<boolean>
  /** The latest readings are wanted: the link came (back), just before `open$` says so, or someone asks for them. */
  readonly refresh$: Observable<unknown>
  /** The link came (back), just before `open$` says so. */
  readonly online$: Observable<unknown>
  /** What the broker sends for the actuators. */
  readonly commands$: Observable<Command>
  /** Signs off and completes when everything is closed, after half a second at the latest. */
  readonly close$: Observable<never>
  readonly publish: Link['publish']
}

/** Starts a client; each of its links is a client of MQTT.js. */
export function mqttClient(options: MqttOptions, log: Logger): MqttClient {
  const stop$ = new ReplaySubject<void>(1)
  const link$ = new ReplaySubject<Link>(1)
  let current: Link | undefined
  const links = link(options, log, stop$)
    .pipe(
      narrate(options, log),
      reconnect(stop$, options.backoff),
      tap((established) => (current = established)),
    )
    .subscribe(link$)
  return {
    open$: link$.pipe(
      switchMap(({ open$ }) => open$),
      startWith(false),
    ),
    refresh$: link$.pipe(switchMap(({ refresh$ }) => concat(of(undefined), refresh$))),
    online$: link$,
    commands$: link$.pipe(switchMap(({ commands$ }) => commands$)),
    close$: defer(() => {
      stop$.next()
      return link$.pipe(ignoreElements())
    }),
    publish: (topic, payload, options) => current?.publish(topic, payload, options),
    unsubscribe: () => links.unsubscribe(),
  }
}
