import {
  asyncScheduler,
  EMPTY,
  endWith,
  ignoreElements,
  interval,
  map,
  type Observable,
  startWith,
  takeUntil,
  tap,
  withLatestFrom,
} from 'rxjs'
import type { Metrics } from '../delivery/deliveries.js'
import type { Link } from './link.js'
import type { BrokerOptions } from './options.js'

const how = { qos: 0, retain: true } as const

/** Emits what the metrics are every `health` ms, and publishes it while there is a link; until there will be none. */
export function health(
  { rootTopic, health: period = 0 }: Pick<BrokerOptions, 'rootTopic' | 'health'>,
  metrics: Metrics,
  link$: Observable<Link>,
): Observable<Metrics> {
  if (period === 0) return EMPTY
  return interval(period).pipe(
    map(() => ({ ...metrics, dropped: { ...metrics.dropped } })),
    withLatestFrom(link$.pipe(startWith(undefined))),
    tap(([snapshot, link]) => {
      const at = new Date(asyncScheduler.now()).toISOString()
      link?.publish(`${rootTopic}/health`, JSON.stringify({ at, ...snapshot }), how)
    }),
    map(([snapshot]) => snapshot),
    takeUntil(link$.pipe(ignoreElements(), endWith(null))),
  )
}
