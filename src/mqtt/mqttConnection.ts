import {
  asyncScheduler,
  BehaviorSubject,
  catchError,
  concatWith,
  defer,
  distinctUntilChanged,
  EMPTY,
  endWith,
  filter,
  finalize,
  identity,
  ignoreElements,
  interval,
  isObservable,
  map,
  merge,
  type MonoTypeOperatorFunction,
  Observable,
  type Observer,
  of,
  ReplaySubject,
  startWith,
  switchMap,
  Subject,
  take,
  takeUntil,
  takeWhile,
  tap,
  timer,
} from 'rxjs'
import { deliveryCounts, type Metrics } from '../delivery/deliveries.js'
import { logInCode, wordsOfCode } from '../fields/codeOptions.js'
import { type Connection, isWithdrawal, type Logger, type Reading, withdrawal } from '../model.js'
import { outbox } from '../operators/outbox.js'
import { refreshable } from '../operators/refreshable.js'
import { openSpools } from '../spool/openSpools.js'
import { health } from './health.js'
import { homeAssistant } from './homeAssistant.js'
import { jsonReports } from './json.js'
import { goodbyePatience, type Link } from './link.js'
import { logLostReadings } from './lostReadings.js'
import { mqttClient } from './mqttClient.js'
import { type BrokerOptions, completeOptions, type MqttOptions, usualCloseTimeout } from './options.js'
import { outgoing } from './outgoing.js'
import type { LinkError } from './reasons.js'
import { withoutDocuments } from './retainedDocuments.js'

/**
 * Publishes readings on an MQTT broker, for as long as it takes to find it again whenever it is lost; the latest readings are
 * repeated then, and whenever a message comes in on `<rootTopic>/refresh`. What becomes of readings meanwhile is up to their
 * `delivery`, or to that of the connection. `<rootTopic>/status` says ONLINE or OFFLINE, `<rootTopic>/health` how
 * many readings were delivered. Emits what comes in on `<rootTopic>/<command source>`. It completes after the readings have completed
 * and the broker has been told.
 *
 * ![marble diagram](../../marbles/reconnect.svg)
 *
 * Readings that complete wait for a connection that is being made, and for what is on its way: `closeTimeout` at the most. What is
 * lost then is logged with its number. Where there was never a connection it fails with the reason; with `supervise` on `report`
 * that begins again.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @throws Error that says why there is no connection, when the readings have completed.
 * @example
 * const home = mqttConnection({ host: 'localhost', rootTopic: 'home' })
 * report({ sensors: [of({ destination: 'attic/temp_c', value: 21.5 })], connections: [home] })
 * // → at the broker: 'home/status ONLINE', 'home/attic/temp_c 21.5', 'home/status OFFLINE'
 */
export const mqttConnection = (
  options: MqttOptions,
  log: Logger = console,
  observers?: MqttObservers,
): Connection => {
  const connection = connectionTo(completeOptions(options), logInCode(log), observers)
  return (readings$) =>
    connection(readings$).pipe(
      catchError((error: unknown) => {
        throw error instanceof NeverConnected
          ? new Error(wordsOfCode(error.message), { cause: error.cause })
          : error
      }),
    )
}

/** The same, with options and in the words of a file; when a daemon is stopped that was never connected, it has not failed. */
export const brokerConnection =
  (options: BrokerOptions, log: Logger, observers?: MqttObservers): Connection =>
  (readings$) =>
    connectionTo(
      options,
      log,
      observers,
    )(readings$).pipe(
      catchError((error: unknown) => {
        if (error instanceof NeverConnected) return EMPTY
        throw error
      }),
    )

const connectionTo = (options: BrokerOptions, log: Logger, observers?: MqttObservers): Connection =>
  connectionOver(
    (stop$, failed) => mqttClient(options, log, stop$, observers?.tell, failed),
    options,
    log,
    observers,
  )

/** The readings have completed, and there has never been a connection that could take them. */
class NeverConnected extends Error {}

/** Who else is told of a connection. */
export interface MqttObservers {
  /** Is told whether there is a link, in a few words and as `ok`, whenever one comes, ends or cannot be had. */
  readonly tell?: (state: string, ok: boolean) => void
  /** Is told whether there is a link, at each change. */
  readonly linked?: (isUp: boolean) => void
  /** Is given what can be asked at any time for what the metrics are then. */
  readonly tallied?: (metrics: () => Metrics) => void
  /** Its `next` is given a copy of the metrics, every `health` ms. */
  readonly metrics?: Partial<Observer<Metrics>>
}

type ConnectionOptions = Pick<
  BrokerOptions,
  | 'name'
  | 'client'
  | 'rootTopic'
  | 'homeAssistant'
  | 'formerPrefix'
  | 'expected'
  | 'delivery'
  | 'spools'
  | 'spoolSize'
  | 'messageExpiry'
  | 'format'
  | 'health'
  | 'closeTimeout'
>

/**
 * All of a connection but the client that makes its links: what goes out when, and what of it is remembered, counted and said
 * again. A client emits each link just before that opens, tells `failed` why there is none, and completes when everything is closed
 * after `stop$`.
 */
export const connectionOver =
  (
    client: (stop$: Observable<unknown>, failed: (error: LinkError) => void) => Observable<Link>,
    options: ConnectionOptions,
    log: Logger,
    { metrics: observer = {}, linked, tallied }: MqttObservers = {},
  ): Connection =>
  (readings$) =>
    defer(() => {
      const { delivery = {}, spools = {}, spoolSize = 10 * 2 ** 20, messageExpiry } = options
      const { closeTimeout = usualCloseTimeout } = options
      const stop$ = new ReplaySubject<void>(1)
      const link$ = new ReplaySubject<Link>(1)
      const failure$ = new BehaviorSubject<LinkError | undefined>(undefined)
      const links = client(stop$, (error) => failure$.next(error)).subscribe(link$)
      const ended$ = new Subject<void>()
      let endBy = Infinity
      const metrics: Metrics = {
        offered: 0,
        published: 0,
        acknowledged: 0,
        ...deliveryCounts(),
        reconnects: -1,
      }
      tallied?.(() => ({ ...metrics }))
      const { publish, restate, settled$, documents$ } = outgoing(options, metrics, log)
      const lost = logLostReadings(log)

      const close$ = defer(() => {
        stop$.next()
        const rest = Math.max(endBy - asyncScheduler.now(), goodbyePatience)
        return link$.pipe(ignoreElements(), takeUntil(timer(rest)))
      })
      // The latest readings are wanted when the link came (back), just before it opens, and when someone asks for them.
      const repeated$ = new Subject<void>()
      const refresh$ = link$.pipe(
        switchMap((link) => merge(link.refresh$, repeated$).pipe(startWith(undefined))),
      )
      let current: Link | undefined
      const announced = options.homeAssistant
        ? homeAssistant({
            ...(options.homeAssistant !== true && options.homeAssistant),
            publishing: options,
            ...(options.expected && { expected: options.expected }),
            link$: link$.pipe(tap((link) => (current = link))),
            settled$: documents$,
            repeat: (what) => {
              if (what === 'everything') {
                restate()
                current?.publish(`${options.rootTopic}/status`, 'ONLINE', { qos: 1, retain: true })
              }
              repeated$.next()
            },
            log,
          })
        : options.formerPrefix !== undefined
          ? withoutDocuments(options.formerPrefix, options.rootTopic, link$)
          : identity<Observable<Reading>>
      const state$ = link$.pipe(
        switchMap((link) => link.state$),
        startWith('down' as const),
      )
      const told$ = linked
        ? state$.pipe(
            map((state) => state !== 'down'),
            distinctUntilChanged(),
            tap(linked),
            ignoreElements(),
          )
        : EMPTY
      // Who has completed may have done so before there was a link, or while one is made anew.
      const connected$ = defer((): Observable<never> => {
        endBy = asyncScheduler.now() + closeTimeout
        const isFirst = metrics.reconnects < 0
        if (isFirst ? metrics.offered === 0 : metrics.waiting + metrics.inFlight === 0) return EMPTY
        const refused$ = failure$.pipe(filter((failure) => isFirst && failure?.refused === true))
        const failed$ = merge(refused$, timer(closeTimeout)).pipe(
          tap(() => {
            if (metrics.reconnects < 0) throw neverConnected()
          }),
        )
        return merge(state$.pipe(filter((state) => state === 'open')), failed$).pipe(
          take(1),
          ignoreElements(),
        )
      }).pipe(tap({ complete: () => ended$.next() }))
      const neverConnected = () =>
        new NeverConnected(
          failure$.value?.explanation ?? `no answer from the broker within ${closeTimeout / 1000} s`,
          { cause: failure$.value },
        )
      const closed$ = link$.pipe(ignoreElements(), endWith(null))
      const again$ = messageExpiry ? interval(messageExpiry / 2).pipe(takeUntil(closed$)) : EMPTY
      // A broker that was restarted may have lost what it was to retain.
      const restated$ = link$.pipe(
        tap(() => (metrics.reconnects += 1)),
        // Nor may it forget a state that is still true, though it forgets retained messages after a while.
        switchMap((link) =>
          again$.pipe(
            startWith(undefined),
            tap(() => restate(link)),
          ),
        ),
        ignoreElements(),
      )
      const said$ = readings$.pipe(
        filter(({ to }) => to === undefined || to.includes(options.name)),
        announced,
        jsonReports(options.format ?? 'plain'),
        offering(metrics, options.format),
        refreshable(refresh$),
        concatWith(connected$),
      )
      const sent$ = said$.pipe(
        outbox(state$.pipe(tap((state) => state === 'open' && lost.back())), {
          delivery,
          acknowledged$: settled$,
          spools$: openSpools(isObservable(spools) ? spools : of(spools), { size: spoolSize, log }),
          counts: metrics,
          patience: closeTimeout,
          onDrop: lost.dropped,
          onEnd: lost.ended,
        }),
        takeUntil(ended$.pipe(switchMap(() => timer(Math.max(0, endBy - asyncScheduler.now()))))),
      )
      const published$ = sent$.pipe(tap(publish), ignoreElements(), concatWith(close$))
      const commands$ = link$.pipe(switchMap((link) => link.commands$))
      const health$ = health(options, metrics, link$).pipe(
        // Not the observer itself: `tap` would unsubscribe a Subject together with the connection.
        tap({
          next: (snapshot) => observer.next?.(snapshot),
          error: (error: unknown) => observer.error?.(error),
          complete: () => observer.complete?.(),
        }),
        ignoreElements(),
      )
      return merge(commands$, restated$, published$, health$, told$).pipe(finalize(() => links.unsubscribe()))
    })

/** Counts readings, and has each destination that one forgets withdrawn before it, so that this is delivered as surely as a reading. */
const offering =
  (metrics: Metrics, format: MqttOptions['format']): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    // A plain loop, since hardly any reading forgets something and all of them pass.
    new Observable((subscriber) => {
      const passing$ = readings$.pipe(
        takeWhile((reading) => {
          if (!isWithdrawal(reading)) metrics.offered += 1
          if (reading.forgets) for (const each of withdrawals(reading, format)) subscriber.next(each)
          subscriber.next(reading)
          return !subscriber.closed
        }),
      )
      return passing$.subscribe({
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      })
    })

/** The broker knows no other topic of a device whose readings are published as `json` only. */
function withdrawals(reading: Reading, format: BrokerOptions['format']): Reading[] {
  const { device, forgets = [], to, delivery } = reading
  if (isWithdrawal(reading)) return []
  const marks = { value: '', ...(to && { to }), ...(delivery && { delivery }) }
  const published = format === 'json' && device !== undefined ? [device] : forgets
  return published.map((destination) => withdrawal({ destination, ...marks }))
}
