import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { MqttClient } from 'mqtt'
import {
  asyncScheduler,
  catchError,
  defer,
  delay,
  endWith,
  ignoreElements,
  interval,
  lastValueFrom,
  map,
  merge,
  NEVER,
  Observable,
  repeat,
  share,
  shareReplay,
  Subject,
  takeUntil,
  tap,
} from 'rxjs'
import { replay } from '../captures/replay.js'
import { load } from '../config/load.js'
import { simulatedGpio } from '../gpio/simulatedGpio.js'
import type { Logger } from '../model.js'
import { served } from '../mqtt/embeddedBroker.js'
import type { Advertisement } from '../radio/advertisement.js'
import { report } from '../report.js'
import { pageBeside, usualPagePort, type WebOption } from './page.js'
import { stopAfter } from './signals.js'
import { recentLog, textTable } from './terminal.js'

const shipped = (name: string) => fileURLToPath(new URL(`../../config/${name}`, import.meta.url))

/** What is in the recording beside Govee's, as a section of the configuration; the key is that of the recording. */
const otherBrands = `
[Sensor1]
Class = ble.ble_sensor.BleSensor
Destination = ble
Address1 = cb:b8:33:4c:88:4f
Destination1 = balcony
Address2 = a4:c1:38:8f:41:d6
Destination2 = bath
Key2 = 231d39c1d7cc1ab1aee224cd096db932
Address3 = 3c:2e:f5:71:b4:0a
Destination3 = bell
`

/** With a page there is something to switch on it. */
const lamp = `
[Actuator0]
Class = gpio.rpi_gpio.RpiGpioActuator
Pin = 17
CommandSrc = lamp
`

/** The shipped configuration, with a broker on a port, and those other sections. */
export const demoConfig = (port: number): string =>
  readFileSync(shipped('sensor_reporter.ini'), 'utf8').replace(/^Port = .*$/m, `Port = ${port}`) + otherBrands

/** A second of the page's history is a minute of the recording, ms. */
const historyStep = 1000

/** How much later the recording is played again, ms: a counter that was high may start over after some silence. */
const shift = 7_200_000

/** The recording, an hour a minute, again and again: each time as if it were later. */
export function recording(log: Logger, speed: number | 'max' = 60): Observable<Advertisement> {
  return defer(() => {
    let played = 0
    return replay({ source: shipped('demo.jsonl'), speed, log }).pipe(
      tap({ complete: () => (played += 1) }),
      map(({ at = 0, ...advertisement }) => ({ ...advertisement, at: at + played * shift })),
      repeat(),
    )
  })
}

/**
 * The whole chain on a machine without broker and Bluetooth: an embedded broker, the shipped configuration, a recording in
 * fast motion, and what an independent client sees of it. Ends after `seconds`, or when the process is told to. Resolves to the
 * exit code: 3 when the recording cannot be played.
 */
export async function demo(
  seconds: number | undefined,
  web?: WebOption,
  terminal = process.stdout,
): Promise<number> {
  const broken$ = new Subject<Error>()
  let exitCode = 0
  const stop$ = merge(
    stopAfter(seconds),
    broken$.pipe(
      tap(({ message }) => {
        console.error(`The recording of the demo cannot be played: ${message}`)
        exitCode = 3
      }),
    ),
  ).pipe(shareReplay({ bufferSize: 1, refCount: true }))
  const port = await freePort(1883)
  if (port !== 1883) console.log(`Port 1883 is taken on this machine; the demo uses port ${port} instead.`)
  console.log('Starting the broker, the reporter and a client …')

  const { lines, logger } = recentLog(1)
  const recorded$ = recording(logger).pipe(
    catchError((error: unknown) => {
      broken$.next(error as Error)
      return NEVER
    }),
  )
  const { reporter, broker, problems, surroundings } = await load(
    demoConfig(port) + (web === undefined ? '' : lamp),
    {
      file: 'sensor_reporter.ini',
      env: process.env,
      getLogger: () => logger,
      radio: () => ({ advertisements$: recorded$, state$: NEVER }),
      gpio: simulatedGpio(),
    },
  )
  if (!reporter || !broker || !surroundings)
    throw new Error(problems.map(({ message }) => message).join('\n'))

  const pagePort = web === undefined ? undefined : await freePort(web === true ? usualPagePort : web)
  const pages =
    pagePort === undefined ? [] : [await pageBeside({ port: pagePort, historyStep }, logger, surroundings)]
  const page = pagePort === undefined ? undefined : `http://127.0.0.1:${pagePort}/`

  let topics: Topics = new Map()
  const colours = terminal.isTTY && process.env.NO_COLOR === undefined
  const show = (hasStopped: boolean) => {
    const { columns, rows } = terminal.isTTY ? terminal : { columns: pipedColumns, rows: Infinity }
    const screen = demoScreen({ topics, port, page, log: lines[0] ?? '', colours, columns, rows, hasStopped })
    terminal.write(terminal.isTTY ? redraw(screen) + (hasStopped ? '\n' : '') : `\n${screen}\n`)
  }
  // The client stays a little longer than the reporter, to see it say OFFLINE.
  const ended$ = report({ ...reporter, connections: [...reporter.connections, ...pages], stop$ }).pipe(
    ignoreElements(),
    endWith(true),
    delay(300),
    share(),
  )
  const watching$ = watchTopics(port).pipe(
    tap((seen) => (topics = seen)),
    takeUntil(ended$),
  )
  const drawing$ = interval(terminal.isTTY ? 500 : 5000).pipe(
    tap(() => show(false)),
    takeUntil(merge(stop$, ended$)),
  )
  await lastValueFrom(merge(watching$, drawing$).pipe(served(broker(logger))), { defaultValue: undefined })
  show(true)
  return exitCode
}

/** Where the table goes to no terminal. */
const pipedColumns = 80

/** Line by line over what stands there: clearing the screen would push it into the terminal's history each time. */
const redraw = (screen: string) => `\x1b[H${screen.replaceAll('\n', '\x1b[K\n')}\x1b[K\x1b[J`

/** Which topics a low window leaves out, the first of them first. */
const dispensable = [/\/rssi$/, /\/temp_f$/, /\/.+\/status$/, /\/battery$/]

interface DemoScreen {
  readonly topics: Topics
  readonly port: number
  /** Where its page is, if it has one. */
  readonly page?: string | undefined
  /** The last line of the log. */
  readonly log: string
  readonly colours: boolean
  /** The size of the terminal. */
  readonly columns: number
  readonly rows: number
  /** It will not change any more. */
  readonly hasStopped: boolean
}

/** What the demo shows, as text that fits its terminal. */
export function demoScreen({
  topics,
  port,
  page,
  log,
  colours,
  columns,
  rows,
  hasStopped,
}: DemoScreen): string {
  const paint = (code: number, text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text)
  const now = asyncScheduler.now()
  const room = rows - others - 1 - (page === undefined ? 0 : 1)
  const all = [...topics].sort(([one], [other]) => (sortKey(one) < sortKey(other) ? -1 : 1))
  const kept = dispensable.reduce(
    (some, pattern) => (some.length <= room ? some : some.filter(([topic]) => !pattern.test(topic))),
    all,
  )
  const hasAll = kept.length === all.length && kept.length <= room
  const cells = (hasAll ? kept : kept.slice(0, Math.max(1, room - 1))).map(
    ([topic, { value, count, at }]) => {
      const age = `${Math.max(0, Math.round((now - at) / 1000))} s`
      return [topic, value, age, `${count}`]
    },
  )
  const hidden = all.length - cells.length
  const header = ['topic', 'value', 'age', 'count']
  const table = textTable([header, ...cells], ['value', 'age', 'count'], {
    title: 'value',
    total: columns,
    least: 10,
  }).split('\n')
  const cut = (line: string) => line.slice(0, columns)
  return [
    paint(1, cut(`sensor-reporter demo: an hour a minute, broker on localhost port ${port}`)),
    ...(page === undefined ? [] : [paint(1, cut(`the page: ${page}`))]),
    cut('GVH5075_170C is the kitchen, GVH5105_A71C the attic, GVH5075_F233 the freezer.'),
    ...table.map((line) =>
      line.replace(/ONLINE/, paint(32, 'ONLINE')).replace(/OFFLINE/, paint(31, 'OFFLINE')),
    ),
    ...(hidden > 0 ? [paint(2, cut(`… and ${hidden} more topics, for which this window is too low`))] : []),
    paint(2, cut(log)),
    ...(hasStopped
      ? ['The demo has stopped, and has said so: sensor_reporter/status is OFFLINE.']
      : [
          'To have the latest readings repeated, type in another terminal, in this folder:',
          `  npx mqtt pub -p ${port} -u user -P password -t sensor_reporter/refresh -m now`,
        ]
    ).map(cut),
  ].join('\n')
}

/** Lines beside the table, and one for the prompt at the end. */
const others = 6

/** What the program says of itself comes first, where a low terminal has room for it. */
const sortKey = (topic: string) => `${topic.split('/').length} ${topic}`

/** Resolves to the wanted port where it is free on this machine, else to one that is. */
export const freePort = (wanted: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () => (wanted === 0 ? reject(new Error('no port is free')) : resolve(freePort(0))))
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

/** What the demo's own client has seen, by topic: the latest value, and when it came (milliseconds since the epoch). */
type Topics = ReadonlyMap<string, { readonly value: string; readonly count: number; readonly at: number }>

/** An independent MQTT client: emits what it has seen on every topic whenever another message comes in. */
const watchTopics = (port: number): Observable<Topics> =>
  new Observable((subscriber) => {
    const topics = new Map<string, { value: string; count: number; at: number }>()
    const login = { username: 'user', password: 'password' }
    const client = new MqttClient(() => connect(port), { reconnectPeriod: 200, ...login })
    client.on('error', () => undefined)
    client.on('connect', () => client.subscribe('sensor_reporter/#'))
    client.on('message', (topic, payload) => {
      const count = (topics.get(topic)?.count ?? 0) + 1
      topics.set(topic, { value: payload.toString(), count, at: asyncScheduler.now() })
      subscriber.next(topics)
    })
    return () => client.end(true)
  })
