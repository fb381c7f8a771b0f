import { defer, mergeMap } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import { decide, type Condition } from './decide.js'

/**
 * Says of every text whether it means ON. One that is no number where a number is expected means nothing; that is said in
 * the log once, until a number comes.
 */
export const switchOn =
  (condition: Condition, log: Logger): OperatorFunction<string, boolean> =>
  (texts$) =>
    defer(() => {
      let on = false
      let said = false
      return texts$.pipe(
        mergeMap((text) => {
          const state = decide(condition, text, on)
          if (state === undefined && !said)
            log.warn('a reading that is no number is ignored: expected one to compare')
          said = state === undefined
          if (state === undefined) return []
          on = state
          return [state]
        }),
      )
    })
