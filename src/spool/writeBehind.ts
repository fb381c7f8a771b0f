import { concatMap, EMPTY, exhaustMap, expand, map, startWith, timer } from 'rxjs'
import type { Observable, ObservableInput } from 'rxjs'

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
