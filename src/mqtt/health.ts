import {
  asyncScheduler,
  EMPTY,
  endWith,
  ignoreElements,
  interval,
  map,
  type Observable,
  takeUntil,
  tap,
  withLatestFrom,
} from 'rxjs'
import type { MqttClient } from './mqttClient.js'
import type { Metrics, MqttOptions } from './options.js'

const how = { qos: 0, retain: true } as const

/** Emits what the metrics are every `health` ms, and publishes it while there is a link; until the client is closed. */
export function health(
  { rootTopic, health: period = 0 }: Pick<MqttOptions, 'rootTopic' | 'health'>,
  metrics: Metrics,
  { online$, state$, publish }: Pick<MqttClient, 'online$' | 'state$' | 'publish'>,
): Observable<Metrics> {
  if (period === 0) return EMPTY
  return interval(period).pipe(
    map(() => ({ ...metrics, dropped: { ...metrics.dropped } })),
    withLatestFrom(state$),
    tap(([snapshot, state]) => {
      if (state === 'down') return
      const at = new Date(asyncScheduler.now()).toISOString()
      publish(`${rootTopic}/health`, JSON.stringify({ at, ...snapshot }), how)
    }),
    map(([snapshot]) => snapshot),
    takeUntil(online$.pipe(ignoreElements(), endWith(null))),
  )
}
