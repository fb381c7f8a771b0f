import { existsSync, readdirSync, readFileSync } from 'node:fs'
import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  delay,
  EMPTY,
  ignoreElements,
  map,
  merge,
  mergeAll,
  mergeMap,
  NEVER,
  type Observable,
  of,
  Subject,
  switchMap,
  takeUntil,
  tap,
  throwError,
  timer,
  timestamp,
} from 'rxjs'
import { describe, expect, it } from 'vitest'
import { deviceStatus } from '../src/ble/deviceStatus.js'
import { joinPackets } from '../src/ble/joinPackets.js'
import { describe as describeTopic, deviceAt } from '../src/description.js'
import { daemon } from '../src/daemon.js'
import type { LinkState } from '../src/delivery/deliveries.js'
import { localConnection } from '../src/local/localConnection.js'
import { renderDiagram } from '../src/marbles/renderDiagram.js'
import {
  type Command,
  type Connection,
  isWithdrawal,
  type Reading,
  type Sensor,
  withdrawal,
} from '../src/model.js'
import { homeAssistant } from '../src/mqtt/homeAssistant.js'
import { reconnect } from '../src/mqtt/mqttClient.js'
import { LinkError } from '../src/mqtt/reasons.js'
import { debounced } from '../src/operators/debounced.js'
import { forgiving } from '../src/operators/forgiving.js'
import { heldFor } from '../src/operators/heldFor.js'
import { keepWhileUnheard } from '../src/operators/keepWhileUnheard.js'
import { linkOrders } from '../src/operators/linkOrders.js'
import { exponentialAverage } from '../src/operators/exponentialAverage.js'
import { movingAverage } from '../src/operators/movingAverage.js'
import { newestInTurn } from '../src/operators/newestInTurn.js'
import { onlyChanges } from '../src/operators/onlyChanges.js'
import { outbox } from '../src/operators/outbox.js'
import { poll } from '../src/operators/poll.js'
import { presence } from '../src/operators/presence.js'
import { presses } from '../src/operators/presses.js'
import { pulse } from '../src/operators/pulse.js'
import { queued } from '../src/operators/queued.js'
import { reconcile } from '../src/operators/reconcile.js'
import { refreshable } from '../src/operators/refreshable.js'
import { routed } from '../src/operators/routed.js'
import { supervise } from '../src/operators/supervise.js'
import { type SwitchCommand, switched } from '../src/operators/switched.js'
import { eachReading, throttleReadings, throttleReports } from '../src/operators/throttleReadings.js'
import { turns } from '../src/operators/turns.js'
import { watchdog } from '../src/operators/watchdog.js'
import { wiredStatus } from '../src/operators/wiredStatus.js'
import { withdraw } from '../src/operators/withdraw.js'
import { withoutEchoes } from '../src/operators/withoutEchoes.js'
import { report } from '../src/report.js'
import { advertisement } from '../src/testing/advertisement.js'
import { diagrams } from '../src/testing/diagrams.js'
import { fakeBroker } from '../src/testing/fakeBroker.js'
import { labelled, parseDiagram } from '../src/testing/parseDiagram.js'
import { together } from '../src/web/book.js'
import { pageOver } from '../src/web/webConnection.js'
import { marbleIndex } from './support/marbleIndex.js'
import { quietLog } from './support/quietLog.js'

const folder = new URL('../marbles/', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')
const files = readdirSync(folder).filter((file) => file.endsWith('.txt'))

/** Says what it is given, then OFFLINE, and closes when that has been acknowledged, 3 frames later. */
const connection: Connection = (readings$) =>
  concat(
    readings$.pipe(map(({ destination, value }) => ({ source: destination, payload: String(value) }))),
    of({ source: 'status', payload: 'OFFLINE' }),
    timer(3).pipe(ignoreElements()),
  )

/** What a list of `reconcile` is made of. */
type Part = Observable<unknown>

const asDrawn = map(({ source, payload }: Command) => labelled(`${source} ${payload}`))

const asCommands = map(({ destination, value }: Reading) => ({ source: destination, payload: String(value) }))

/** A link that is online when it emits; how long it was so is in the error with which it ends. */
const asLink = (link$: Observable<unknown>) => {
  let since: number | undefined
  return link$.pipe(
    tap(() => (since = asyncScheduler.now())),
    catchError(() => {
      const lasted = since === undefined ? undefined : asyncScheduler.now() - since
      return throwError(() => new LinkError(undefined, lasted))
    }),
  )
}

/** An acknowledgement is drawn as the value of its reading, and is of the very object that was sent. */
const acknowledging = (values$: Observable<number>, sending: (acknowledged$: Sensor) => Sensor): Sensor =>
  defer(() => {
    const sent: Reading[] = []
    const acknowledged$ = values$.pipe(
      mergeMap((value) => sent.filter((reading) => reading.value === value).slice(-1)),
    )
    return sending(acknowledged$).pipe(tap((reading) => sent.push(reading)))
  })

/** A withdrawal is drawn as a word. */
const asGone = map((reading: Reading): Reading =>
  isWithdrawal(reading) ? { destination: reading.destination, value: 'gone' } : reading,
)

const onOff = map((on: boolean) => (on ? 'ON' : 'OFF'))

const described = map((reading: Reading): Reading => ({
  ...reading,
  about: describeTopic(deviceAt(reading.destination), reading.destination, 'output', { text: true }),
}))

const announcedTo = (taken$: Observable<unknown>) =>
  homeAssistant({
    publishing: { rootTopic: 'home', client: 'test' },
    link$: NEVER,
    settled$: taken$.pipe(
      map(() => ({
        reading: { destination: 'homeassistant/device/sr_home/config', value: '' },
        isTaken: true,
      })),
    ),
    repeat: () => undefined,
    log: quietLog(),
  })

/** A document is drawn as the name of whose it is. */
const asDocuments = map(({ destination, value }: Reading): Reading => {
  const id = /sr_home_?(\w*)\/config$/.exec(destination)?.[1]
  return id === undefined ? { destination, value } : { destination: 'document', value: id || 'program' }
})

const expressions = {
  'refreshable(refresh$)': (readings$: Sensor, refresh$: Observable<unknown>) =>
    readings$.pipe(refreshable(refresh$)),

  'outbox(link$)': (readings$: Sensor, link$: Observable<LinkState>) => readings$.pipe(outbox(link$)),

  'outbox(link$, { delivery: { offline: { last: 3 } } })': (
    readings$: Sensor,
    link$: Observable<LinkState>,
  ) => readings$.pipe(outbox(link$, { delivery: { offline: { last: 3 } } })),

  "outbox(link$, { delivery: { offline: 'all' }, rate: 10 })": (
    readings$: Sensor,
    link$: Observable<LinkState>,
  ) => readings$.pipe(outbox(link$, { delivery: { offline: 'all' }, rate: 10 })),

  "outbox(link$, { delivery: { qos: 1, offline: 'all' }, window: 2, acknowledged$ })": (
    readings$: Sensor,
    values$: Observable<number>,
    link$: Observable<LinkState>,
  ) =>
    acknowledging(values$, (acknowledged$) =>
      readings$.pipe(outbox(link$, { delivery: { qos: 1, offline: 'all' }, window: 2, acknowledged$ })),
    ),

  'supervise(log)': (...tries: Sensor[]) => defer(() => tries.shift() ?? NEVER).pipe(supervise(quietLog())),

  'deviceStatus(5)': (readings$: Sensor) =>
    readings$.pipe(
      map((reading) => ({ device: reading.destination, readings: [reading] })),
      deviceStatus(5),
      map(({ value }) => labelled(`status ${value}`)),
    ),

  'withdraw({ failed$ })': (readings$: Sensor, failed$: Observable<unknown>) =>
    readings$.pipe(withdraw({ failed$ }), asGone),

  'withdraw({ leave$, isGone })': (readings$: Sensor, leave$: Observable<unknown>) =>
    readings$.pipe(withdraw({ leave$, isGone: ({ destination }) => destination === 'attic' }), asGone),

  'homeAssistant(taken$)': (readings$: Sensor, taken$: Observable<unknown>) =>
    readings$.pipe(described, announcedTo(taken$), asDocuments),
  'wiredStatus(statuses)': (readings$: Sensor) =>
    readings$.pipe(
      map((reading) => (reading.value === 'gone' ? withdrawal(reading) : reading)),
      wiredStatus(new Map([['attic', 'status']])),
      asGone,
      map(({ destination, value }) => ({ destination, value })),
    ),

  'routed(routes)': (readings$: Sensor) =>
    readings$.pipe(
      map((reading) => (reading.value === 'gone' ? withdrawal(reading) : reading)),
      routed(
        new Map([
          [
            'attic',
            [
              { destination: 'house/attic', to: ['MQTT'] },
              { destination: 'top', to: ['other'] },
            ],
          ],
        ]),
      ),
      asGone,
      map(({ destination, value }) => ({ destination, value })),
    ),

  "linkOrders({ lost: 'OFF', resume: true }, () => 'ON')": (link$: Observable<string>) =>
    link$.pipe(
      map((word) => word === 'yes'),
      linkOrders({ lost: 'OFF', resume: true }, () => 'ON'),
    ),

  'newestInTurn(item, put)': (readings$: Sensor) =>
    readings$.pipe(
      newestInTurn(
        ({ destination }) => destination,
        (reading) => timer(5).pipe(map(() => reading)),
      ),
    ),

  'watchdog(90_000)': (advertisements$: Observable<unknown>) => advertisements$.pipe(watchdog(90_000)),

  'presence(4_000)': (packets$: Observable<unknown>) => packets$.pipe(presence(4000), onOff),

  'debounced(3)': (levels$: Observable<string>) => levels$.pipe(debounced(3)),

  'presses(200, 1_000)': (button$: Observable<'pressed' | 'released'>) =>
    button$.pipe(
      timestamp(),
      map(({ value, timestamp }) => ({ pressed: value === 'pressed', at: timestamp })),
      presses(200, 1000),
      map(({ kind }) => kind),
    ),

  'pulse(500)': (commands$: Observable<unknown>) => commands$.pipe(pulse(500), onOff),

  'switched(false, 150)': (commands$: Observable<SwitchCommand>) =>
    commands$.pipe(switched(false, 150), onOff),

  'poll(6_000, read)': (...reads: Sensor[]) => poll(6000, () => reads.shift() ?? NEVER),

  'poll(6_000, forgiving(read, 1, log))': (...reads: Sensor[]) =>
    poll(
      6000,
      forgiving(() => reads.shift() ?? NEVER, 1, quietLog()),
    ),

  'reconnect(stop$)': (...links: Observable<unknown>[]) =>
    defer(() => asLink(links.shift() ?? NEVER)).pipe(reconnect(NEVER, undefined, () => 0)),

  'onlyChanges(600_000)': (readings$: Sensor) => readings$.pipe(onlyChanges(600_000)),

  'exponentialAverage(2)': (readings$: Sensor) => readings$.pipe(exponentialAverage(2)),

  'movingAverage(3)': (readings$: Sensor) => readings$.pipe(movingAverage(3)),

  'together(100)': (readings$: Sensor) => readings$.pipe(together<Reading>(100), mergeAll()),

  'webConnection()': (readings$: Sensor, switched$: Sensor) =>
    readings$.pipe(
      pageOver(
        (_, stop$) =>
          switched$.pipe(
            map(({ destination, value }) => ({ source: destination, payload: String(value) })),
            takeUntil(stop$.pipe(delay(3))),
          ),
        {},
        quietLog(),
      ),
      asDrawn,
    ),

  'throttleReadings(8)': (readings$: Sensor) =>
    readings$.pipe(
      map((reading) => (reading.destination === 'button' ? { ...reading, event: true as const } : reading)),
      throttleReadings(8),
      map(({ destination, value }) => ({ destination, value })),
    ),

  'reconcile(run)': (lists$: Observable<string>, a$: Part, b$: Part, c$: Part) => {
    const parts: Readonly<Record<string, Part>> = { A: a$, B: b$, C: c$ }
    return lists$.pipe(
      map((names) => Array.from(names, (name) => parts[name] ?? NEVER)),
      reconcile((part, leave$) => concat(part.pipe(takeUntil(leave$)), timer(2).pipe(ignoreElements()))),
    )
  },

  'heldFor(4)': (states$: Observable<boolean>) => states$.pipe(heldFor(4)),

  'throttleReports(8)': (readings$: Sensor) =>
    readings$.pipe(
      map((reading) => ({
        device: reading.destination,
        readings: [reading.destination === 'button' ? { ...reading, event: true as const } : reading],
      })),
      throttleReports(8),
      eachReading(),
      map(({ destination, value }) => ({ destination, value })),
    ),

  'keepWhileUnheard(2)': (typed$: Observable<string>, listens$: Observable<boolean>) => {
    const kept$ = typed$.pipe(keepWhileUnheard(2))
    return listens$.pipe(switchMap((listens) => (listens ? kept$ : EMPTY)))
  },

  'queued(run, { waiting: 1, log })': (commands$: Observable<string>) =>
    commands$.pipe(queued((command) => timer(5).pipe(map(() => command)), { waiting: 1, log: quietLog() })),

  'turns(onLoop)': (commands$: Observable<string>) => {
    const answers$ = new Subject<string>()
    const inTurn = turns(() => undefined)
    return merge(commands$, answers$.pipe(map((command) => (command === 'ping' ? 'pong' : 'ping')))).pipe(
      inTurn((command) => command),
      tap((command) => answers$.next(command)),
    )
  },

  'fakeBroker({ up$, commands$ })': (
    readings$: Sensor,
    up$: Observable<boolean>,
    refresh$: Observable<string>,
  ) => {
    const commands$ = refresh$.pipe(map(() => ({ source: 'refresh', payload: '' })))
    const { connection, published$ } = fakeBroker({ up$, commands$ })
    const sensor$ = readings$.pipe(
      map((reading) => (reading.destination === 'state' ? { ...reading, retain: true as const } : reading)),
    )
    return merge(
      report({ sensors: [sensor$], connections: [connection] }).pipe(ignoreElements()),
      published$.pipe(map(({ topic, payload }) => labelled(`${topic.slice('test/'.length)} ${payload}`))),
    )
  },

  'joinPackets()': (packets$: Observable<'name' | 'reading'>) =>
    packets$.pipe(
      map((kind) =>
        advertisement({ model: 'H5074', ...(kind === 'reading' && { temperature: 21, humidity: 50 }) }),
      ),
      joinPackets(),
      map(({ localName, manufacturerData }) => {
        if (manufacturerData.length === 0) return 'name'
        return localName === undefined ? 'reading' : 'both'
      }),
    ),

  'withoutEchoes(sent$)': (sent$: Sensor, heard$: Sensor) =>
    heard$.pipe(asCommands, withoutEchoes(sent$.pipe(asCommands)), asDrawn),

  'localConnection({ onGt: 30, offLt: 28, hold: 3_000 })': (readings$: Sensor) =>
    readings$.pipe(
      localConnection(
        { name: 'local', commandSources: ['attic'], onGt: 30, offLt: 28, hold: 3000 },
        quietLog(),
      ),
      asDrawn,
    ),

  'report({ sensors, connections, stop$ })': (sensor: Sensor, stop$: Observable<unknown>) =>
    report({ sensors: [sensor], connections: [connection], stop$ }).pipe(asDrawn),

  'daemon(config$, stop$)': (config$: Observable<'old' | 'new'>, oldSensor: Sensor, newSensor: Sensor) => {
    const reporters = {
      old: { sensors: [oldSensor], connections: [(readings$: Sensor) => connection(readings$)] },
      new: { sensors: [newSensor], connections: [(readings$: Sensor) => connection(readings$)] },
    }
    return daemon(config$.pipe(map((name) => reporters[name])), NEVER).pipe(asDrawn)
  },
}

describe('marbles/', () => {
  for (const { name, run } of diagrams(
    Object.fromEntries(files.map((file) => [file, read(file)])),
    expressions,
  )) {
    it(name, run)
  }

  it.each(
    files.flatMap((file) => [
      [file, 'light', file.replace(/txt$/, 'svg')] as const,
      [file, 'dark', file.replace(/\.txt$/, '-dark.svg')] as const,
    ]),
  )('%s is what its picture for %s pages shows', async (file, page, picture) => {
    const drawn = existsSync(new URL(picture, folder)) ? read(picture) : ''
    const isFresh = drawn === (await renderDiagram(read(file), page))
    expect(isFresh, `marbles/${picture} is stale: run npm run marbles`).toBe(true)
  })

  it('shows every diagram in its index', () => {
    const entries = files.map((file) => ({ file, ...parseDiagram(read(file)) }))
    const isFresh = read('README.md') === marbleIndex(read('README.md'), entries)
    expect(isFresh, 'marbles/README.md is stale: run npm run marbles').toBe(true)
  })

  it.each(readdirSync(new URL('../src/operators/', import.meta.url)))('has a diagram of %s', (operator) => {
    const name = operator.replace('.ts', '')
    const drawn = files.filter((file) => file === `${name}.txt` || file.startsWith(`${name}-`))
    expect(drawn, `no marbles/${name}.txt`).not.toEqual([])
  })

  it('has every picture that a doc comment shows', () => {
    const source = new URL('../src/', import.meta.url)
    const sources = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.ts$/.test(file),
    )
    const shown = sources.flatMap((file) =>
      [...readFileSync(new URL(file, source), 'utf8').matchAll(/marbles\/([\w-]+\.svg)/g)].map(
        (match) => match[1] ?? '',
      ),
    )
    expect(shown.length).toBeGreaterThan(20)
    for (const picture of shown) expect(existsSync(new URL(picture, folder)), picture).toBe(true)
  })
})
