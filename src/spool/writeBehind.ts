import { concatMap, EMPTY, exhaustMap, expand, map, startWith, timer } from 'rxjs'
import type { Observable, ObservableInput } from 'rxjs'

/** How a write ended: all is written, more has come meanwhile, or it failed. */
export type Written = 'all' | 'more' | 'failed'

/** How long to wait for what else is to be written, and how long after a failure, ms. */
const pauses = { more: 1000, failed: 10_000 }

/**
 * Writes at once, and then a second after the first of the changes: what comes within that second goes together. One write waits
 * for the other, and one that failed is tried again after ten seconds. Emits how each of them ended.
 *
 * @example writeBehind(changed$, store).subscribe()
 */
export function writeBehind(
  changed$: Observable<unknown>,
  write: () => ObservableInput<Written>,
): Observable<Written> {
  const writeAfter = (pause: number) => timer(pause).pipe(concatMap(write))
  return changed$.pipe(
    map(() => pauses.more),
    startWith(0),
    exhaustMap((pause) =>
      writeAfter(pause).pipe(expand((written) => (written === 'all' ? EMPTY : writeAfter(pauses[written])))),
    ),
  )
}
