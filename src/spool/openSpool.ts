import {
  concatMap,
  EMPTY,
  exhaustMap,
  expand,
  filter,
  map,
  Observable,
  type ObservableInput,
  startWith,
  Subject,
  timer,
} from 'rxjs'
import type { Spool, SpoolEntry } from '../delivery/spool.js'
import { anyInCode, checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { integer } from '../fields/fields.js'
import type { Logger } from '../model.js'
import { inTurn } from '../threads.js'
import { custody } from './custody.js'
import { spoolFile } from './spoolFile.js'
import { storageProblem } from './storage.js'

/** How large a spool may be, and who is told of its troubles. */
export interface SpoolOptions {
  /** Bytes of its file, and of its part of the memory; beyond that the oldest readings fall out. @default 10 MiB */
  readonly size?: number
  /** Told when the file cannot be used, and when it can be again. @default console */
  readonly log?: Logger
}

/**
 * Opens the spool at `path` and emits it, once; unsubscribing writes what is left to write and closes it. What is done within a
 * second never touches the disk, the rest is there a second later. While the file cannot be read or written, which is said
 * once, the readings are in custody in memory. It never fails.
 *
 * @throws TypeError that says what is wrong with the options.
 * @example
 * const spool$ = openSpool('/var/lib/sensor-reporter/home')
 * const spools$ = spool$.pipe(map((spool) => new Map([['home', spool]])))
 */
export const openSpool = (path: string, options: SpoolOptions = {}): Observable<Spool> => {
  const { size = 10 * 2 ** 20, log = console } = checked('openSpool', spoolInCode, options)
  return new Observable((subscriber) => {
    const changed$ = new Subject<void>()
    let fallen = 0
    const kept = custody(size, (sequences) => {
      // What falls out while the file is read is said there.
      if (!entries) return
      if (fallen === 0)
        log.warn(
          `The spool ${path} is full (${size} bytes): the oldest readings would not survive a restart any more. SpoolSize can make it larger.`,
        )
      fallen += sequences.length
    })
    const file = spoolFile(path, size)
    let entries: readonly SpoolEntry[] | undefined
    let trouble: string | undefined
    let last: Promise<unknown> = Promise.resolve()

    const read = async () => {
      const content = await file.open()
      const found = kept.found(content.entries)
      const fallen = content.entries.length - found.length
      if (content.damaged > 0)
        log.warn(`${path}: ${content.damaged} damaged bytes are left out, such as a power cut leaves behind`)
      if (fallen > 0)
        log.warn(`${path}: the oldest readings, ${fallen} of them, do not fit into ${size} bytes any more`)
      if (trouble !== undefined && found.length > 0)
        log.info(`${path}: readings of an earlier run are delivered after the next start: ${found.length}`)
      return found
    }
    const store = async () => {
      entries ??= await read()
      const batch = kept.take()
      await file.write(batch.text, kept.lines()).catch((error: unknown) => {
        batch.putBack()
        throw error
      })
    }
    const attempt = async (): Promise<Written> => {
      try {
        await inTurn(
          `the spool ${path}`,
          store,
          10_000,
          'it does not answer: is it on a network share that is gone?',
        )
        if (trouble !== undefined) log.info(`The spool ${path} works again.`)
        trouble = undefined
        if (fallen > 0 && kept.isEmpty()) {
          log.warn(`The spool ${path} is empty again; it was too small for ${fallen} readings.`)
          fallen = 0
        }
        return 'written'
      } catch (error) {
        const problem = storageProblem(error)
        if (problem !== trouble)
          log.error(
            `The spool ${path} cannot be used (${problem}). It is tried again every 10 s; until then readings are kept in memory only.`,
          )
        trouble = problem
        return 'failed'
      }
    }
    const write = () => {
      const written = last.then(attempt)
      last = written
      return written
    }

    subscriber.add(
      writeBehind(changed$, write, kept.hasNews)
        .pipe(
          filter((_, index) => index === 0),
          map((): Spool => ({
            entries: entries ?? [],
            append: (reading) => {
              const sequence = kept.append(reading)
              changed$.next()
              return sequence
            },
            done: (sequence) => {
              kept.done(sequence)
              changed$.next()
            },
          })),
        )
        .subscribe(subscriber),
    )
    return () => void write().then(() => file.close())
  })
}

const spoolInCode = optionsInCode({ size: inCode(integer(1)).optional(), log: anyInCode })

/** How a write ended. */
export type Written = 'written' | 'failed'

/** How long to wait for what else is to be written, and how long after a failure, ms. */
const pauses = { written: 1000, failed: 10_000 }

/**
 * Writes at once, and then a second after the first of the changes: what comes within that second goes together. One write waits
 * for the other, is followed by another if there are news then, and one that failed is tried again after ten seconds. Emits how
 * each of them ended.
 *
 * @example writeBehind(changed$, store, hasNews).subscribe()
 */
export function writeBehind(
  changed$: Observable<unknown>,
  write: () => ObservableInput<Written>,
  hasNews: () => boolean,
): Observable<Written> {
  const writeAfter = (pause: number) => timer(pause).pipe(concatMap(write))
  return changed$.pipe(
    map(() => pauses.written),
    startWith(0),
    exhaustMap((pause) =>
      writeAfter(pause).pipe(
        // It asks when the end has been told, for that may lead to news itself, and no change begins a write meanwhile.
        expand((written) => (written === 'written' && !hasNews() ? EMPTY : writeAfter(pauses[written]))),
      ),
    ),
  )
}
