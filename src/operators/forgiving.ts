import { catchError, defer, EMPTY, type Observable, type ObservableInput, tap, throwError } from 'rxjs'
import type { Logger } from '../model.js'

/**
 * Makes a read forgiving: up to `limit` failures in a row are no readings, for sensors on a long wire garble one now and
 * then; the failure after these is an error. The count belongs to what is returned.
 *
 * ![marble diagram](../../marbles/forgiving.svg)
 *
 * @example
 * const garbled = new Error('the checksum is wrong')
 * const answers = [of(21.5), throwError(() => garbled), of(21.6)]
 * poll(10_000, forgiving(() => answers.shift() ?? EMPTY, 4, console))
 * // → 21.5, 21.6, …
 */
export function forgiving<T>(
  read: () => ObservableInput<T>,
  limit: number,
  log: Logger = console,
): () => Observable<T> {
  let failures = 0
  return () =>
    defer(read).pipe(
      tap(() => (failures = 0)),
      catchError((error: unknown) => {
        failures += 1
        const reason = error instanceof Error ? error : new Error(String(error))
        if (failures > limit) return throwError(() => reason)
        log.debug(`no reading this time: ${reason.message}`)
        return EMPTY
      }),
    )
}
