import { readFileSync } from 'node:fs'
import {
  asyncScheduler,
  delay,
  endWith,
  ignoreElements,
  interval,
  lastValueFrom,
  merge,
  NEVER,
  repeat,
  share,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { replay } from '../captures/replay.js'
import { load } from '../config/load.js'
import { served } from '../mqtt/served.js'
import { report } from '../report.js'
import { demoScreen } from './demoScreen.js'
import type { TopicRow } from './demoTable.js'
import { freePort } from './freePort.js'
import { lastResort } from './lastResort.js'
import { recentLog } from './recentLog.js'
import { stopSignal } from './stopSignal.js'
import { watchTopics } from './watchTopics.js'

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
