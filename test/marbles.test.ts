import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { concat, defer, ignoreElements, map, NEVER, of, timer, timestamp } from 'rxjs'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { daemon } from '../src/daemon.js'
import { deviceStatus } from '../src/govee/deviceStatus.js'
import { localConnection } from '../src/local/localConnection.js'
import type { Command, Connection, Reading, Sensor } from '../src/model.js'
import { debounced } from '../src/operators/debounced.js'
import { outbox } from '../src/operators/outbox.js'
import { poll } from '../src/operators/poll.js'
import { presence } from '../src/operators/presence.js'
import { presses } from '../src/operators/presses.js'
import { pulse } from '../src/operators/pulse.js'
import { refreshable } from '../src/operators/refreshable.js'
import { supervise } from '../src/operators/supervise.js'
import { switched, type SwitchCommand } from '../src/operators/switched.js'
import { watchdog } from '../src/operators/watchdog.js'
import { withoutEchoes } from '../src/operators/withoutEchoes.js'
import { report } from '../src/report.js'
import { diagrams } from './support/diagrams.js'
import { labelled } from './support/labelled.js'
import { quietLog } from './support/quietLog.js'
import { renderDiagram } from './support/renderDiagram.js'

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

const asDrawn = map(({ source, payload }: Command) => labelled(`${source} ${payload}`))

const asCommands = map(({ destination, value }: Reading) => ({ source: destination, payload: String(value) }))

const onOff = map((on: boolean) => (on ? 'ON' : 'OFF'))

const expressions = {
  'refreshable(refresh$)': (readings$: Sensor, refresh$: Observable<unknown>) =>
    readings$.pipe(refreshable(refresh$)),

  'outbox(online$)': (readings$: Sensor, online$: Observable<boolean>) => readings$.pipe(outbox(online$)),

  'supervise(log)': (...tries: Sensor[]) => defer(() => tries.shift() ?? NEVER).pipe(supervise(quietLog())),

  'deviceStatus(5)': (readings$: Sensor) =>
    readings$.pipe(
      map((reading) => ({ device: reading.destination, readings: [reading] })),
      deviceStatus(5),
      map(({ value }) => labelled(`status ${value}`)),
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
      old: (stop$: Observable<unknown>) => report({ sensors: [oldSensor], connections: [connection], stop$ }),
      new: (stop$: Observable<unknown>) => report({ sensors: [newSensor], connections: [connection], stop$ }),
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

  it.each(files)('%s is what its picture shows', (file) => {
    const picture = new URL(file.replace(/txt$/, 'svg'), folder)
    const drawn = existsSync(picture) ? readFileSync(picture, 'utf8') : ''
    const isFresh = drawn === renderDiagram(read(file))
    expect(isFresh, `the picture of marbles/${file} is stale: run npm run marbles`).toBe(true)
  })

  it.each(files)('%s is in the index', (file) => {
    const picture = file.replace(/txt$/, 'svg')
    expect(read('README.md')).toContain(`](${picture})`)
  })
})
