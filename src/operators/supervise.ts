import {
  asyncScheduler,
  defer,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  retry,
  type SchedulerLike,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import type { Logger } from '../model.js'

const longest = 60_000

/**
 * Resubscribes to a source that fails after 1, 2, 4 … 60 s, starting over with 1 s once it has said something.
 * When `stop$` emits during such a pause it completes. A failure is logged when it begins and when its reason changes, and once more when it is over; never per retry.
 *
 * ![marble diagram](../../marbles/supervise.svg)
 *
 * @example
 * let attempts = 0
 * const sensor$ = defer(() => (++attempts < 3 ? throwError(() => new Error('not yet')) : of(attempts)))
 * sensor$.pipe(supervise(console))
 * // → 3
 */
export const supervise =
  <T>(
    log: Logger = console,
    stop$: Observable<unknown> = NEVER,
    scheduler: SchedulerLike = asyncScheduler,
  ): MonoTypeOperatorFunction<T> =>
  (source$) =>
    defer(() => {
      let failure: string | undefined
      const again$ = source$.pipe(
        tap(() => {
          if (failure !== undefined) log.info('works again')
          failure = undefined
        }),
      )
      // What has not failed yet need not be watched: that would cost every reading.
      return defer(() => (failure === undefined ? source$ : again$)).pipe(
        retry({
          resetOnSuccess: true,
          delay: (error: unknown, count) => {
            const wait = Math.min(1000 * 2 ** (count - 1), longest)
            const reason = error instanceof Error ? error.message : String(error)
            if (reason !== failure) {
              const sentence = /[.?!]$/.test(reason) ? reason : `${reason}.`
              log.error(`${sentence} Trying again in ${wait / 1000} s, then ever less often.`)
            }
            failure = reason
            return timer(wait, scheduler).pipe(takeUntil(stop$))
          },
        }),
      )
    })
