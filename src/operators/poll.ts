import {
  asyncScheduler,
  defer,
  exhaustMap,
  filter,
  finalize,
  from,
  identity,
  isObservable,
  type Observable,
  type ObservableInput,
  of,
  type SchedulerLike,
  throwError,
  timeout,
  timer,
} from 'rxjs'
import { anyInCode, checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { milliseconds } from '../fields/fields.js'
import type { Logger } from '../model.js'

/** What a poll may be told beside its period. */
export interface PollOptions {
  /** How long (ms) a read may take to say something; then the poll fails. @default for ever */
  readonly timeout?: number
  /** Told once when reads have become slower than the period. */
  readonly log?: Logger
}

/**
 * Reads at once and then every `period` ms: a value, or an Observable, a Promise or a list of values. A tick that comes while the last read still runs is skipped; that is said
 * in the log once, until a read is in time again. What a read fails with, its time-out included, fails the poll:
 * `supervise` tries again.
 *
 * ![marble diagram](../../marbles/poll.svg)
 *
 * @throws TypeError that says what is wrong with the period or the options.
 * @example
 * let count = 0
 * const read = () => (count += 1)
 * poll(10_000, read)
 * // → 1, 2, 3, …
 */
export function poll<T>(
  period: number,
  read: (() => ObservableInput<T>) | (() => T),
  options: PollOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): Observable<T> {
  checked('poll: period', inCode(milliseconds(1)), period)
  const { timeout: patience, log } = checked('poll', pollInCode, options)
  return defer(() => {
    const tooLate = () => throwError(() => new Error(`no answer within ${(patience ?? 0) / 1000} s`))
    const bounded =
      patience === undefined
        ? identity<Observable<T>>
        : timeout<T, Observable<never>>({ each: patience, with: tooLate, scheduler })
    let reading = false
    let skipped = false
    let slow = false

    const isDue = () => {
      if (!reading) return true
      if (!slow)
        log?.warn(`reading takes longer than ${period / 1000} s, the time between two: some are left out`)
      slow = skipped = true
      return false
    }
    const start = () => {
      reading = true
      skipped = false
      return defer(() => valuesOf(read())).pipe(
        bounded,
        finalize(() => {
          reading = false
          slow &&= skipped
        }),
      )
    }
    return timer(0, period, scheduler).pipe(filter(isDue), exhaustMap(start))
  })
}

const pollInCode = optionsInCode({ timeout: inCode(milliseconds(1)).optional(), log: anyInCode })

/** What there is to wait for or to list; anything else, a text too, is the value itself. */
const valuesOf = <T>(read: ObservableInput<T> | T): Observable<T> => (isInput(read) ? from(read) : of(read))

const isInput = <T>(read: ObservableInput<T> | T): read is ObservableInput<T> =>
  typeof read === 'object' &&
  read !== null &&
  (isObservable(read) ||
    ['then', Symbol.iterator, Symbol.asyncIterator, 'getReader', '@@observable'].some((key) => key in read))
