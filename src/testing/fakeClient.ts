import {
  asyncScheduler,
  BehaviorSubject,
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  map,
  merge,
  type Observable,
  type Observer,
  of,
  ReplaySubject,
  share,
  Subject,
  switchMap,
  takeUntil,
  throttleTime,
} from 'rxjs'
import type { LinkState } from '../delivery/linkState.js'
import type { Command } from '../model.js'
import type { MqttClient } from '../mqtt/mqttClient.js'
import { withoutEchoes } from '../operators/withoutEchoes.js'
import type { FakeBrokerOptions } from './fakeBrokerOptions.js'
import type { PublishedMessage } from './publishedMessage.js'

/** What a client says to the fake broker, and hears from it. */
export interface FakeLink {
  readonly published$: Pick<Observer<PublishedMessage>, 'next'>
  readonly status$: Pick<Observer<'ONLINE' | 'OFFLINE'>, 'next'>
  readonly sent$: Observable<Pick<Command, 'source' | 'payload'>>
}

/** A client of the fake broker, in the place of the one that speaks MQTT. */
export function fakeClient(
  {
    name,
    rootTopic,
    up$,
    commands$,
  }: Required<Pick<FakeBrokerOptions, 'name' | 'rootTopic' | 'up$' | 'commands$'>>,
  { published$, status$, sent$ }: FakeLink,
): MqttClient {
  const state$ = new BehaviorSubject<LinkState>('down')
  const online$ = new ReplaySubject<void>(1)
  const echoes$ = new Subject<Pick<Command, 'source' | 'payload'>>()

  const goDown = () => {
    if (state$.value === 'down') return
    state$.next('down')
    status$.next('OFFLINE')
  }
  const comeUp = () => {
    status$.next('ONLINE')
    // States and the latest readings are repeated into an outbox that is still closed, so each goes out once.
    online$.next()
    state$.next('open')
  }
  const closed$ = new Subject<void>()
  const link = up$.pipe(distinctUntilChanged()).subscribe({
    next: (up) => (up ? comeUp() : goDown()),
    error: (error: unknown) => online$.error(error instanceof Error ? error : new Error(String(error))),
  })
  const close = () => {
    link.unsubscribe()
    goDown()
    online$.complete()
    closed$.next()
  }
  const heard$ = merge(commands$, sent$).pipe(
    filter(() => state$.value === 'open'),
    takeUntil(closed$),
    share(),
  )
  const requests$ = heard$.pipe(
    filter(({ source }) => source === 'refresh'),
    throttleTime(100, asyncScheduler, { leading: true, trailing: true }),
  )
  return {
    state$,
    online$,
    refresh$: online$.pipe(switchMap(() => concat(of(undefined), requests$))),
    commands$: heard$.pipe(
      filter(({ source }) => source !== 'refresh'),
      map((command): Command => ({ ...command, from: name })),
      withoutEchoes(echoes$),
    ),
    close$: defer(() => {
      close()
      return EMPTY
    }),
    publish: (topic, payload, { qos, retain, echo }, settled) => {
      published$.next({ topic, payload, ...(qos !== 0 && { qos }), ...(retain && { retain }) })
      if (echo) echoes$.next({ source: topic.slice(rootTopic.length + 1), payload })
      settled?.('acknowledged')
    },
    unsubscribe: close,
  }
}
