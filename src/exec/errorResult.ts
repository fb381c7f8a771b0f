import { catchError, of, tap } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Logger } from '../logging/logger.js'

/**
 * Makes the result `ERROR` of runs that fail. The log says why, once until one succeeds or the reason is another; what is
 * returned knows all runs that it has been applied to.
 *
 * @example const result = errorResult(log); runCommand(words, bounds).pipe(result)
 */
export function errorResult(log: Logger): MonoTypeOperatorFunction<string> {
  let said: string | undefined
  return (run$) =>
    run$.pipe(
      tap(() => {
        if (said !== undefined) log.info('the command works again')
        said = undefined
      }),
      catchError((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        if (reason !== said) log.error(`${reason}. The result is ERROR`)
        said = reason
        return of('ERROR')
      }),
    )
}
