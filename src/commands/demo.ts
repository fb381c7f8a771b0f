import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { MqttClient } from 'mqtt'
import {
  asyncScheduler,
  delay,
  endWith,
  ignoreElements,
  interval,
  lastValueFrom,
  merge,
  NEVER,
  Observable,
  repeat,
  share,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { replay } from '../captures/replay.js'
import { load } from '../config/load.js'
import { messageText } from '../logging/records.js'
import type { Logger } from '../model.js'
import { served } from '../mqtt/embeddedBroker.js'
import { report } from '../report.js'
import { lastResort, stopSignal } from './run.js'

const shipped = (name: string) => new URL(`../../config/${name}`, import.meta.url)

/**
 * The whole chain on a machine without broker and Bluetooth: an embedded broker, the shipped configuration, a recording in
 * fast motion, and what an independent client sees of it. Ends after `seconds`, or when the process is told to.
 */
export async function demo(seconds: number | undefined, terminal = process.stdout): Promise<number> {
  const stop$ = stopSignal(seconds === undefined ? NEVER : timer(seconds * 1000))
  lastResort(stop$)
  const port = await freePort(1883)
  if (port !== 1883) console.log(`Port 1883 is taken on this machine; the demo uses port ${port} instead.`)
  console.log('Starting the broker, the reporter and a client …')

  const { lines, logger } = recentLog(1)
  const recorded$ = replay({ source: shipped('demo.jsonl').pathname, speed: 60, log: logger }).pipe(repeat())
  const { reporter, broker, problems } = await load(
    readFileSync(shipped('sensor_reporter.ini'), 'utf8').replace(/^Port = .*$/m, `Port = ${port}`),
    {
      file: 'sensor_reporter.ini',
      env: process.env,
      getLogger: () => logger,
      radio: () => ({ advertisements$: recorded$, state$: NEVER }),
    },
  )
  if (!reporter || !broker) throw new Error(problems.map(({ message }) => message).join('\n'))

  let topics: ReadonlyMap<string, TopicRow> = new Map()
  const colours = terminal.isTTY && process.env.NO_COLOR === undefined
  const show = () => {
    const screen = demoScreen({ topics, port, log: lines, now: asyncScheduler.now(), colours })
    terminal.write(terminal.isTTY ? redraw(screen) : `\n${screen}\n`)
  }
  // The client stays a little longer than the reporter, to see it say OFFLINE.
  const ended$ = report({ ...reporter, stop$ }).pipe(ignoreElements(), endWith(true), delay(300), share())
  const client = { port, username: 'user', password: 'password', filter: 'sensor_reporter/#' }
  const watching$ = watchTopics(client).pipe(
    tap((seen) => (topics = seen)),
    takeUntil(ended$),
  )
  const drawing$ = interval(terminal.isTTY ? 500 : 5000).pipe(tap(show), takeUntil(ended$))
  await lastValueFrom(merge(watching$, drawing$).pipe(served(broker(logger))), { defaultValue: undefined })
  show()
  return 0
}

/** Line by line over what stands there: clearing the screen would push it into the terminal's history each time. */
const redraw = (screen: string) => `\x1b[H${screen.replaceAll('\n', '\x1b[K\n')}\x1b[K\x1b[J`

export interface DemoScreen {
  readonly topics: ReadonlyMap<string, TopicRow>
  readonly port: number
  /** The log; its last line is shown. */
  readonly log: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Whether the terminal shows colours. */
  readonly colours: boolean
}

/** What the demo shows, as text that fits a terminal of 80 columns and 24 rows. */
export function demoScreen({ topics, port, log, now, colours }: DemoScreen): string {
  const paint = (code: number, text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text)
  const table = demoTable([...topics.values()], now).replace(/ONLINE/, paint(32, 'ONLINE'))
  return [
    paint(1, `sensor-reporter demo: an hour a minute, broker on localhost port ${port}`),
    'GVH5075_170C is the kitchen, GVH5105_A71C the attic, GVH5075_F233 the freezer.',
    table.replace(/OFFLINE/, paint(31, 'OFFLINE')),
    paint(2, log.at(-1) ?? ''),
    'To have the latest readings repeated, type in another terminal, in this folder:',
    `  npx mqtt pub -p ${port} -u user -P password -t sensor_reporter/refresh -m now`,
  ].join('\n')
}

/** What the demo's own client has seen on one topic. */
export interface TopicRow {
  readonly topic: string
  readonly value: string
  readonly count: number
  /** When the last message came, milliseconds since the epoch. */
  readonly at: number
}

/** Draws the topics as aligned columns: topic, value, age, count. `now` in milliseconds since the epoch. */
export function demoTable(rows: readonly TopicRow[], now: number): string {
  const cells = rows
    .toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
    .map((row) => [
      row.topic,
      row.value,
      `${Math.max(0, Math.round((now - row.at) / 1000))} s`,
      `${row.count}`,
    ])
  const table = [['topic', 'value', 'age', 'count'], ...cells]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return table.map(line).join('\n')
}

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

/** A logger that keeps its latest lines to be shown, those of DEBUG left out. */
export function recentLog(count: number): { readonly lines: readonly string[]; readonly logger: Logger } {
  const lines: string[] = []
  const keep = (...parts: unknown[]) => {
    lines.push(messageText(parts))
    if (lines.length > count) lines.shift()
  }
  return { lines, logger: { debug: () => undefined, info: keep, warn: keep, error: keep } }
}

export interface WatchOptions {
  readonly port: number
  readonly username: string
  readonly password: string
  readonly filter: string
}

/** An independent MQTT client: emits what it has seen on every topic whenever another message comes in. */
export const watchTopics = ({
  port,
  filter,
  ...login
}: WatchOptions): Observable<ReadonlyMap<string, TopicRow>> =>
  new Observable((subscriber) => {
    const rows = new Map<string, TopicRow>()
    const client = new MqttClient(() => connect(port), { reconnectPeriod: 200, ...login })
    client.on('error', () => undefined)
    client.on('connect', () => client.subscribe(filter))
    client.on('message', (topic, payload) => {
      const count = (rows.get(topic)?.count ?? 0) + 1
      rows.set(topic, { topic, value: payload.toString(), count, at: asyncScheduler.now() })
      subscriber.next(rows)
    })
    return () => client.end(true)
  })
