import { randomBytes } from 'node:crypto'
import { appendFile, rename, writeFile } from 'node:fs/promises'
import {
  asyncScheduler,
  concat,
  concatMap,
  defer,
  from,
  ignoreElements,
  interval,
  type Observable,
  of,
  takeUntil,
} from 'rxjs'
import { fileFault } from '../fields/problems.js'
import { remember } from '../memory.js'
import type { Logger } from '../model.js'
import { readSmallFile, timely } from '../smallFile.js'
import type { Points } from './wire.js'

/** What every topic has said as numbers: the latest of each step of time. */
export interface History {
  /** How long one point stands for, ms. */
  readonly step: number
  /** Adds a number; returns the series, which makes the next time cheaper. */
  readonly put: (topic: string, series: Series | undefined, value: number, now: number) => Series
  /** What a topic has said since then, ms since the epoch. */
  readonly points: (topic: string, since: number) => Points
  /** Bytes that all series have. */
  readonly size: () => number
  /** What of the step that is over is to be kept: values by topic. */
  readonly stepOf: (number: number) => Record<string, number>
}

/** The points of a topic: a ring, in which a step of time has its place. */
export interface Series {
  values: Float32Array
  /** The step of the newest point; steps are counted since the epoch. */
  last: number
}

/** Steps that are remembered where there are few topics: a day of minutes. */
const most = 1440
const byteLimit = 32 * 2 ** 20
const topicLimit = 10_000

/** Remembers a day at a point a minute, or half of it, or a quarter, where there are so many topics that it would not fit into 32 MiB. */
export function openHistory(step = 60_000, limit = byteLimit): History {
  const all = new Map<string, Series>()
  let length = most
  const begin = (topic: string): Series => {
    const bytes = (all.size + 1) * length * Float32Array.BYTES_PER_ELEMENT
    if (bytes > limit && length > 2) {
      const shorter = Math.floor(length / 2)
      for (const series of all.values()) shorten(series, shorter)
      length = shorter
    }
    const series = { values: new Float32Array(length).fill(NaN), last: -1 }
    remember(all, topic, series, topicLimit)
    return series
  }
  return {
    step,
    put: (topic, known, value, now) => {
      const series = known ?? all.get(topic) ?? begin(topic)
      const { values } = series
      const number = Math.floor(now / step)
      if (number > series.last) {
        // The steps in which nothing was said.
        const skipped = series.last < 0 ? values.length : Math.min(number - series.last - 1, values.length)
        for (let back = 1; back <= skipped; back += 1) values[(number - back) % values.length] = NaN
        series.last = number
      }
      if (number > series.last - values.length) values[number % values.length] = value
      return series
    },
    points: (topic, since) => {
      const series = all.get(topic)
      const times: number[] = []
      const values: number[] = []
      if (!series) return { topic, times, values }
      const first = Math.max(Math.ceil(since / step), series.last - series.values.length + 1, 0)
      for (let number = first; number <= series.last; number += 1) {
        const value = series.values[number % series.values.length] ?? NaN
        if (Number.isNaN(value)) continue
        times.push((number * step) / 1000)
        values.push(Number(value.toPrecision(7)))
      }
      return { topic, times, values }
    },
    size: () => all.size * length * Float32Array.BYTES_PER_ELEMENT,
    stepOf: (number) => {
      const said: Record<string, number> = {}
      for (const [topic, { values, last }] of all) {
        const value = values[number % values.length] ?? NaN
        if (number <= last && number > last - values.length && !Number.isNaN(value))
          said[topic] = Number(value.toPrecision(7))
      }
      return said
    },
  }
}

function shorten(series: Series, length: number): void {
  const values = new Float32Array(length).fill(NaN)
  for (let number = Math.max(0, series.last - length + 1); number <= series.last; number += 1)
    values[number % length] = series.values[number % series.values.length] ?? NaN
  series.values = values
}

/** Bytes that a file may have which is read at the start. */
const largestFile = 64 * 2 ** 20

/** Lines after which a file is written anew, with what is still remembered. */
const longestFile = 2 * most

/**
 * Keeps a history in a file over a restart: JSON Lines, one line a step, which a power cut can only cut short at the end, and which
 * needs no database: Node has its own only since 22, and others need a compiler. It begins with what the file held, and ends after
 * `stop$`, when the last step is written. What cannot be read or written is logged, once for each change.
 */
export const keptIn = (
  path: string,
  history: History,
  log: Logger,
  stop$: Observable<unknown>,
): Observable<never> =>
  defer(() => {
    let lines = 0
    let fault: string | undefined
    let written = Math.floor(asyncScheduler.now() / history.step) - 1
    const failed = (error: unknown) => {
      const reason = fileFault(error)
      if (reason !== fault) log.warn(`the history cannot be kept in ${path}: ${reason}`)
      fault = reason
    }
    const read = async () => {
      try {
        const { bytes } = await readSmallFile(path, largestFile)
        for (const line of bytes.toString().split('\n')) {
          lines += 1
          for (const [topic, value, at] of pointsIn(line, history.step))
            history.put(topic, undefined, value, at)
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') failed(error)
      }
    }
    const lineOf = (number: number) => `${JSON.stringify([number * history.step, history.stepOf(number)])}\n`
    const write = async () => {
      const now = Math.floor(asyncScheduler.now() / history.step)
      try {
        if (lines > longestFile) {
          const numbers = Array.from({ length: most }, (_, back) => now - most + back)
          const temporary = `${path}.${randomBytes(4).toString('hex')}`
          await timely(path, () => writeFile(temporary, numbers.map(lineOf).join(''), { mode: 0o600 }))
          await timely(path, () => rename(temporary, path))
          lines = most
        } else {
          // Not more than there is, should the clock have jumped.
          const first = Math.max(written + 1, now - most)
          const text = Array.from({ length: now - first }, (_, later) => lineOf(first + later)).join('')
          if (text !== '') await timely(path, () => appendFile(path, text, { mode: 0o600 }))
          lines += now - first
        }
        written = now - 1
        if (fault !== undefined) log.info(`the history is kept in ${path} again`)
        fault = undefined
      } catch (error) {
        failed(error)
      }
    }
    return from(read()).pipe(
      concatMap(() => concat(interval(history.step).pipe(takeUntil(stop$)), of('the end'))),
      concatMap(() => write()),
      ignoreElements(),
    )
  })

/** What a line of the file holds: topics, values and when they were said; nothing of what is no such line. */
function pointsIn(line: string, step: number): [topic: string, value: number, at: number][] {
  try {
    const [at, said] = JSON.parse(line) as [unknown, unknown]
    if (typeof at !== 'number' || typeof said !== 'object' || said === null) return []
    const now = asyncScheduler.now()
    if (at > now || at < now - most * step) return []
    return Object.entries(said).flatMap(([topic, value]: [string, unknown]) =>
      typeof value === 'number' ? [[topic, value, at] as [string, number, number]] : [],
    )
  } catch {
    return []
  }
}
