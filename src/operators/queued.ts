import {
  defer,
  filter,
  finalize,
  mergeMap,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
  tap,
} from 'rxjs'
import { anyInCode, checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { integer } from '../fields/fields.js'
import type { Logger } from '../model.js'

/** How much may be under way. */
export interface QueueOptions {
  /** How many run at a time. @default 1 */
  readonly parallel?: number
  /** How many wait for their turn; beyond that they are refused. @default 16 */
  readonly waiting?: number
  /** Told once when they begin to be refused, until everything that waited is done. @default console */
  readonly log?: Logger
}

/**
 * Does something about every value, in their order and only so many at a time. Memory is bounded: where values come faster than
 * they can be dealt with, those that find the queue full are dropped.
 *
 * ![marble diagram](../../marbles/queued.svg)
 *
 * @throws TypeError that says what is wrong with the options.
 * @example
 * of('red', 'green').pipe(queued((light) => of(`${light} is on`).pipe(delay(1000))))
 * // → 'red is on', 'green is on'
 */
export function queued<T, R>(
  project: (value: T) => ObservableInput<R>,
  options: QueueOptions = {},
): OperatorFunction<T, R> {
  const { parallel = 1, waiting = 16, log = console } = checked('queued', queueInCode, options)
  return (source$: Observable<T>) =>
    defer(() => {
      let underWay = 0
      let full = false
      const hasRoom = () => {
        if (underWay < parallel + waiting) return true
        if (!full)
          log.warn(`${waiting} commands are waiting already: more are refused until all of them are done`)
        full = true
        return false
      }
      const run = (value: T) =>
        defer(() => project(value)).pipe(
          finalize(() => {
            underWay -= 1
            if (underWay === 0) full = false
          }),
        )
      return source$.pipe(
        filter(hasRoom),
        tap(() => (underWay += 1)),
        mergeMap(run, parallel),
      )
    })
}

const queueInCode = optionsInCode({
  parallel: inCode(integer(1)).optional(),
  waiting: inCode(integer(0)).optional(),
  log: anyInCode,
})
