import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { concat, defer, ignoreElements, map, NEVER, of, timer } from 'rxjs'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { daemon } from '../src/daemon.js'
import type { Command, Connection, Sensor } from '../src/model.js'
import { outbox } from '../src/operators/outbox.js'
import { refreshable } from '../src/operators/refreshable.js'
import { supervise } from '../src/operators/supervise.js'
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

const expressions = {
  'refreshable(refresh$)': (readings$: Sensor, refresh$: Observable<unknown>) =>
    readings$.pipe(refreshable(refresh$)),

  'outbox(online$)': (readings$: Sensor, online$: Observable<boolean>) => readings$.pipe(outbox(online$)),

  'supervise(log)': (...tries: Sensor[]) => defer(() => tries.shift() ?? NEVER).pipe(supervise(quietLog())),

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
