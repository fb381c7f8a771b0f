import { catchError, EMPTY, type Observable } from 'rxjs'
import { LinkError } from './linkError.js'
import { steady } from './steady.js'

/**
 * Tries links in turn, without a pause, until one lasts. Fails when that one breaks, or when none is left to try: with the
 * first error that is no refusal if there is one, since a broker that is down may be back sooner than a login is mended.
 *
 * @example failover([link(first), link(second)]).pipe(reconnect(stop$)) // which begins with the first one again
 */
export const failover = <T>(
  [link$ = EMPTY, ...others]: readonly Observable<T>[],
  hopeful?: LinkError,
): Observable<T> =>
  link$.pipe(
    catchError((error: unknown) => {
      if (!(error instanceof LinkError) || (error.lasted ?? 0) >= steady) throw error
      const best = hopeful?.refused === false ? hopeful : error
      if (others.length === 0) throw best
      return failover(others, best)
    }),
  )
