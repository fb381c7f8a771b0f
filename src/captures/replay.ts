import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import {
  asyncScheduler,
  catchError,
  concatMap,
  defer,
  EMPTY,
  finalize,
  identity,
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  of,
  repeat,
  throwError,
  timer,
} from 'rxjs'
import * as z from 'zod'
import { anyInCode, checked, inCode, observableInCode, optionsInCode, shown } from '../fields/codeOptions.js'
import { field } from '../fields/fields.js'
import type { Logger } from '../model.js'
import type { Advertisement } from '../radio/advertisement.js'
import { readCapture } from './readCapture.js'

/** What to play, and how fast. */
export interface ReplayOptions {
  /** Path of a capture, played in recorded time; or a stream such as `process.stdin`, which counts as it arrives. */
  readonly source: string | Readable
  /** How many times as fast as recorded (1 when absent); `max` does not wait. */
  readonly speed?: number | 'max'
  /** Told of damage, once for each stretch of it. @default console */
  readonly log?: Logger
  /** Lets the next chunk be read when it emits: who writes elsewhere what is played need not collect it in memory. */
  readonly ready$?: Observable<unknown>
}

/**
 * Plays a capture in the radio's place, then completes: JSON Lines, btsnoop, pcap or pcapng. What is no advertisement is
 * skipped, damage is logged; a source that cannot be read is an error that names it. Reads no further ahead than a
 * chunk, whatever its size; a given stream is destroyed at the end.
 *
 * @throws TypeError that says what is wrong with the options, as for those of the command line.
 * @example
 * const july$ = replay({ source: 'test/examples/july.jsonl', speed: 'max' })
 * goveeSensor(july$, { destination: 'govee' }).pipe(
 *   map(({ destination, value }) => `${destination} ${value}`),
 * )
 * // → 'govee/GVH5075_2233/temp_c 23.2', …
 */
export function replay(options: ReplayOptions): Observable<Advertisement> {
  const {
    source,
    speed = 1,
    log = console,
    ready$ = of(undefined),
  } = checked('replay', replayInCode, options)
  return defer(() => {
    const input = typeof source === 'string' ? createReadStream(source) : source
    const batches = readCapture(input as AsyncIterable<Uint8Array | string>, log)
    const paced =
      typeof source === 'string' && speed !== 'max' ? recordedTime<Advertisement>(speed) : identity
    let ended = false

    // The next batch is read only when this one has been passed on: that is all the back-pressure there is.
    return defer(() => batches.next()).pipe(
      concatMap((batch) => {
        ended = batch.done === true
        return batch.done ? EMPTY : batch.value
      }),
      paced,
      repeat({ delay: () => (ended ? EMPTY : ready$) }),
      catchError((error: unknown) => throwError(() => unreadable(source, error))),
      finalize(() => input.destroy()),
    )
  })
}

const replayInCode = optionsInCode({
  source: z.unknown().refine((source) => typeof source === 'string' || source instanceof Readable, {
    error: ({ input }) => `expected the path of a capture or a stream, got ${shown(input)}`,
  }),
  speed: inCode(
    field('a number above 0, or max', (text) => {
      const times = text === 'max' ? text : Number(text)
      return times === 'max' || times > 0 ? times : undefined
    }),
  ).optional(),
  log: anyInCode,
  ready$: observableInCode.optional(),
})

function unreadable(source: string | Readable, cause: unknown): Error {
  const name = typeof source === 'string' ? `the capture ${source}` : 'the given capture'
  const { message, code } = cause as NodeJS.ErrnoException
  // What has no code was found in the bytes, and says what to do.
  const remedies = { EISDIR: ' It is a folder: name a file in it.', none: '' } as Record<string, string>
  const remedy = remedies[code ?? 'none'] ?? ' Check the path and its permissions.'
  return new Error(`Cannot read ${name}: ${message}.${remedy}`, { cause })
}

/**
 * Passes items with the gaps between their `at`s (ms), `speed` times as fast; one without `at`, or with an earlier one,
 * follows at once. Each call makes one clock: pieces of one recording that go through the same one keep time together.
 */
export function recordedTime<T extends { readonly at?: number }>(speed: number): MonoTypeOperatorFunction<T> {
  let previous: number | undefined
  let due: number | undefined
  return concatMap((item) => {
    const now = asyncScheduler.now()
    const recorded = previous === undefined || item.at === undefined ? 0 : item.at - previous
    previous = item.at ?? previous
    const gap = Math.min(Math.max(0, recorded), longestGap) / speed
    // Counted from due time to due time, so late timers do not add up; what is more than a second off is a clock that was set.
    const ideal = (due ?? now) + gap
    due = Math.min(Math.max(ideal, now - tolerance), now + gap + tolerance)
    const wait = due - now
    return wait >= 1 ? timer(wait).pipe(map(() => item)) : of(item)
  })
}

/** A longer silence is a recorder that was off or a clock that was set: nobody waits for it. */
const longestGap = 10 * 60_000

const tolerance = 1000
