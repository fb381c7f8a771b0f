import {
  asyncScheduler,
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  finalize,
  ignoreElements,
  interval,
  map,
  merge,
  mergeMap,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  type SchedulerLike,
  startWith,
  Subject,
  switchMap,
  takeUntil,
  takeWhile,
  tap,
  timer,
} from 'rxjs'
import { deliveries, deliveryCounts, type DeliveryCounts, type LinkState } from '../delivery/deliveries.js'
import type { DropReason } from '../delivery/kept.js'
import type { Spool } from '../delivery/spool.js'
import {
  anyInCode,
  checked,
  functionInCode,
  inCode,
  observableInCode,
  optionsInCode,
} from '../fields/codeOptions.js'
import { deliveryInCode } from '../fields/delivery.js'
import { integer, milliseconds } from '../fields/fields.js'
import type { Delivery, Reading } from '../model.js'

/** What an outbox may be told beside the state of its link. */
export interface OutboxOptions {
  /** What holds of readings that do not say how they are to be delivered. @default QoS 0, the latest is kept */
  readonly delivery?: Delivery
  /** Readings of QoS 1 and 2 that need not be sent again: the very objects that left. */
  readonly acknowledged$?: Observable<Reading>
  /** The newest spools by the paths that deliveries name. Nothing leaves before it has emitted. */
  readonly spools$?: Observable<ReadonlyMap<string, Spool>>
  /** How many readings may wait. @default 100_000 */
  readonly limit?: number
  /** How many may be on their way without having been acknowledged. @default 100 */
  readonly window?: number
  /** How many of a backlog leave in a second when the link is back. @default 1000 */
  readonly rate?: number
  /** Where it keeps its counts. */
  readonly counts?: DeliveryCounts
  /** Told of every reading that is dropped, and why. */
  readonly onDrop?: (reason: DropReason) => void
  /** How long (ms) what is left may take when the readings have completed. @default 1000 */
  readonly patience?: number
  /** Told at the end how many of a series were neither delivered nor in a spool, and how many latest readings were not delivered. */
  readonly onEnd?: (unsaved: number, latest: number) => void
}

/** Ms between the slices of a backlog. */
const pause = 100

/**
 * Passes readings while the link is open. While it is not (the start included) they are dropped or wait as their `delivery`
 * says: the latest of each destination, the last n, or all. They leave, oldest first, when it is open again: the latest
 * at once, a series so slowly that it does not delay what is new. Per destination the order always holds, and memory is
 * bounded. Readings of QoS 1 and 2 are sent again by the next link until they are acknowledged. When the readings
 * complete, an open link has a second, or `patience`, for what is left. An event that is not part of a series never waits.
 *
 * ![marble diagram](../../marbles/outbox.svg) ![marble diagram](../../marbles/outbox-all.svg)
 *
 * @throws TypeError that says what is wrong with the options.
 * @example
 * const attic = (value: number) => ({ destination: 'attic', value })
 * const state$ = timer(60_000).pipe(map((): LinkState => 'open'))
 * of(attic(21), attic(22)).pipe(concatWith(NEVER), outbox(state$, { delivery: { offline: 'all' } }))
 * // → attic(21), attic(22), …
 */
export function outbox(
  state$: Observable<LinkState>,
  options: OutboxOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<Reading> {
  const {
    acknowledged$ = EMPTY,
    spools$ = of(new Map<string, Spool>()),
    delivery = {},
    limit = 100_000,
    window = 100,
    rate = 1000,
    patience = 1000,
    onDrop = () => undefined,
    onEnd = () => undefined,
  } = checked('outbox', outboxInCode, options)
  return (readings$) =>
    defer(() => {
      const { counts = deliveryCounts() } = options
      const slice = Math.ceil((rate * pause) / 1000)
      const parcels = deliveries({ preset: delivery, limit, window, slice, counts, onDrop })
      const over$ = new Subject<void>()
      let leaving = false
      let ended = false

      /** What may leave. */
      function* due(): Generator<Reading> {
        // Somebody further up the stack is at it, and will come to whatever has become due meanwhile.
        if (leaving) return
        leaving = true
        try {
          for (let reading = parcels.next(); reading; reading = parcels.next()) yield reading
        } finally {
          leaving = false
        }
        if (ended && parcels.isOver()) over$.next()
      }

      const slices$ = interval(pause, scheduler).pipe(
        startWith(0),
        map(parcels.isBehind),
        takeWhile((behind) => behind, true),
        tap(parcels.grant),
      )
      const linked$ = state$.pipe(
        distinctUntilChanged(),
        tap(parcels.become),
        switchMap((state) => (state === 'open' ? slices$ : of(state))),
        mergeMap(due),
      )
      const kept$ = spools$.pipe(
        tap(parcels.adopt),
        // Those that come later change nothing about the link.
        mergeMap((_, index) => (index === 0 ? linked$ : due())),
      )
      const acknowledged = acknowledged$.pipe(tap(parcels.acknowledge), mergeMap(due))
      const last$ = defer(() => {
        ended = true
        parcels.hurry()
        return merge(
          due(),
          timer(patience, scheduler).pipe(
            tap(() => over$.next()),
            ignoreElements(),
          ),
        )
      })
      return merge(acknowledged, kept$, concat(readings$.pipe(filter(parcels.offer)), last$)).pipe(
        takeUntil(over$),
        finalize(() => onEnd(parcels.unsaved(), parcels.unsent())),
      )
    })
}

const outboxInCode = optionsInCode({
  delivery: deliveryInCode.optional(),
  acknowledged$: observableInCode.optional(),
  spools$: observableInCode.optional(),
  limit: inCode(integer(1)).optional(),
  window: inCode(integer(1)).optional(),
  rate: inCode(integer(1)).optional(),
  counts: anyInCode,
  onDrop: functionInCode.optional(),
  patience: inCode(milliseconds(0)).optional(),
  onEnd: functionInCode.optional(),
})
