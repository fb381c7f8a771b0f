import {
  asyncScheduler,
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  filter,
  finalize,
  ignoreElements,
  map,
  merge,
  NEVER,
  type Observable,
  type Observer,
  of,
  share,
  Subject,
  takeUntil,
  tap,
  throttleTime,
} from 'rxjs'
import type { LinkState } from '../delivery/linkState.js'
import type { Command, Connection, Reading } from '../model.js'
import { howToPublish } from '../mqtt/howToPublish.js'
import { payload } from '../mqtt/payload.js'
import { topicsBelow } from '../mqtt/topicsBelow.js'
import { outbox } from '../operators/outbox.js'
import { refreshable } from '../operators/refreshable.js'
import { withoutEchoes } from '../operators/withoutEchoes.js'
import type { FakeBrokerOptions } from './fakeBrokerOptions.js'
import type { PublishedMessage } from './publishedMessage.js'

/** What the connection says to its broker, and hears from it. */
export interface FakeLink {
  readonly published$: Pick<Observer<PublishedMessage>, 'next'>
  readonly status$: Pick<Observer<'ONLINE' | 'OFFLINE'>, 'next'>
  readonly sent$: Observable<Pick<Command, 'source' | 'payload'>>
}

/** The connection to a fake broker: `mqttConnection` without a client. */
export const fakeConnection =
  (
    {
      name = 'fake',
      rootTopic = 'test',
      up$ = of(true),
      commands$ = NEVER,
      delivery = {},
      log = console,
    }: FakeBrokerOptions,
    { published$, status$, sent$ }: FakeLink,
  ): Connection =>
  (readings$) =>
    defer(() => {
      const topicOf = topicsBelow(rootTopic, log)
      const states = new Map<string, Reading>()
      const state$ = new BehaviorSubject<LinkState>('down')
      const wanted$ = new Subject<unknown>()
      const acknowledged$ = new Subject<Reading>()
      const echoes$ = new Subject<Pick<Command, 'source' | 'payload'>>()
      const closed$ = new Subject<void>()

      const publish = (reading: Reading) => {
        const topic = topicOf(reading.destination)
        const { qos, retain, echo } = howToPublish(reading, delivery)
        const text = payload(reading)
        if (topic !== undefined) {
          published$.next({ topic, payload: text, ...(qos !== 0 && { qos }), ...(retain && { retain }) })
          if (echo) echoes$.next({ source: reading.destination, payload: text })
        }
        if (qos > 0) acknowledged$.next(reading)
      }
      const goDown = () => {
        if (state$.value === 'down') return
        state$.next('down')
        status$.next('OFFLINE')
      }
      const comeUp = () => {
        status$.next('ONLINE')
        states.forEach(publish)
        // The latest readings are repeated into an outbox that is still closed, so each goes out once.
        wanted$.next(undefined)
        state$.next('open')
      }
      const link$ = up$.pipe(
        distinctUntilChanged(),
        tap((up) => (up ? comeUp() : goDown())),
        ignoreElements(),
      )
      const heard$ = merge(commands$, sent$).pipe(
        filter(() => state$.value === 'open'),
        share(),
      )
      const refresh$ = heard$.pipe(
        filter(({ source }) => source === 'refresh'),
        throttleTime(100, asyncScheduler, { leading: true, trailing: true }),
        tap(wanted$),
        ignoreElements(),
      )
      const incoming$ = heard$.pipe(
        filter(({ source }) => source !== 'refresh'),
        map((command): Command => ({ ...command, from: name })),
        withoutEchoes(echoes$),
      )
      const outgoing$ = readings$.pipe(
        filter(({ to }) => to === undefined || to.includes(name)),
        refreshable(wanted$),
        outbox(state$, { delivery, acknowledged$ }),
        tap((reading) => {
          if (reading.retain) states.set(reading.destination, reading)
          publish(reading)
        }),
        ignoreElements(),
        finalize(() => closed$.next()),
      )
      return merge(merge(link$, refresh$, incoming$).pipe(takeUntil(closed$)), outgoing$).pipe(
        finalize(goDown),
      )
    })
