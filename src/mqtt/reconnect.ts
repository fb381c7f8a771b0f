import { type MonoTypeOperatorFunction, type Observable, defer, retry, takeUntil, timer } from 'rxjs'
import { backoff, type Backoff } from './backoff.js'
import { LinkError } from './linkError.js'
import { steady } from './steady.js'

/**
 * Makes a new link whenever one breaks, after ever longer pauses; a link that lasted 10 s starts over with the first.
 * Where the broker refuses our login the pause is the longest at once. When `stop$` emits during a pause it completes.
 *
 * @example link(options, stop$).pipe(reconnect(stop$))
 */
export const reconnect =
  <T>(stop$: Observable<unknown>, pauses?: Backoff, random?: () => number): MonoTypeOperatorFunction<T> =>
  (link$) =>
    defer(() => {
      let failures = 0
      return link$.pipe(
        retry({
          delay: (error: unknown) => {
            if (!(error instanceof LinkError)) throw error
            if ((error.lasted ?? 0) >= steady) failures = 0
            const pause = backoff(error.refused ? Infinity : failures, pauses, random)
            failures += 1
            return timer(pause).pipe(takeUntil(stop$))
          },
        }),
      )
    })
