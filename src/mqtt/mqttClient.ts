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
import type { LinkState } from '../delivery/linkState.js'
import type { Logger } from '../logging/logger.js'
import type { Command } from '../model.js'
import { failover } from './failover.js'
import { hostsOf } from './hostsOf.js'
import { type Link, link } from './link.js'
import type { MqttOptions } from './mqttOptions.js'
import { narrate } from './narrate.js'
import { reconnect } from './reconnect.js'

/** A client that keeps a link to its broker as well as that can be done. Unsubscribing signs off without waiting. */
export interface MqttClient extends Unsubscribable {
  /** Whether readings can go out right now. */
  readonly state$: Observable<LinkState>
  /** The latest readings are wanted: the link came (back), just before `state$` says so, or someone asks for them. */
  readonly refresh$: Observable<unknown>
  /** The link came (back), just before `state$` says so. */
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
  const narrated = narrate(log)
  const links = failover(hostsOf(options).map((one) => link(one, log, stop$).pipe(narrated(one))))
    .pipe(
      reconnect(stop$, options.backoff),
      tap((established) => (current = established)),
    )
    .subscribe(link$)
  return {
    state$: link$.pipe(
      switchMap(({ state$ }) => state$),
      startWith('down' as const),
    ),
    refresh$: link$.pipe(switchMap(({ refresh$ }) => concat(of(undefined), refresh$))),
    online$: link$,
    commands$: link$.pipe(switchMap(({ commands$ }) => commands$)),
    close$: defer(() => {
      stop$.next()
      return link$.pipe(ignoreElements())
    }),
    publish: (...message) => current?.publish(...message),
    unsubscribe: () => links.unsubscribe(),
  }
}
