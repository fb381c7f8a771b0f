import { defer, mergeMap, type OperatorFunction } from 'rxjs'
import type { Logger } from '../model.js'

/** When a reading means ON; the first one that is given counts. */
export interface Condition {
  /** When it is this text. */
  readonly onEq?: string | undefined
  /** When it is a number above this one; from then on until it is below `offLt`, where that is given. */
  readonly onGt?: number | undefined
  /** With `onGt`: OFF not before it is below this number. */
  readonly offLt?: number | undefined
  /** When it is a number below this one; from then on until it is above `offGt`, where that is given. */
  readonly onLt?: number | undefined
  /** With `onLt`: OFF not before it is above this number. */
  readonly offGt?: number | undefined
}

/**
 * Whether a reading means ON, after what the last one meant; `undefined` when a number is expected and it is none.
 *
 * @example decide({ onGt: 30, offLt: 28 }, '29', true) // true: it has been above 30 and is not yet below 28
 */
export function decide(
  { onEq, onGt, offLt, onLt, offGt }: Condition,
  text: string,
  before: boolean,
): boolean | undefined {
  if (onEq !== undefined) return text === onEq
  const value = text.trim() === '' ? NaN : Number(text)
  if (Number.isNaN(value)) return undefined
  if (onGt !== undefined) return value > onGt || (before && offLt !== undefined && value >= offLt)
  return (onLt !== undefined && value < onLt) || (before && offGt !== undefined && value <= offGt)
}

/** The parameters of a condition. */
interface Parameters {
  readonly OnEq?: string | undefined
  readonly OnGt?: number | undefined
  readonly OffLt?: number | undefined
  readonly OnLt?: number | undefined
  readonly OffGt?: number | undefined
  readonly For?: number | undefined
}

interface ConditionProblem {
  readonly key: keyof Parameters
  readonly message: string
}

/** What in a condition contradicts itself or has no effect. */
export function conditionProblems({ OnEq, OnGt, OffLt, OnLt, OffGt, For }: Parameters): ConditionProblem[] {
  const problems: ConditionProblem[] = []
  if (OffLt !== undefined && OnGt === undefined)
    problems.push({ key: 'OffLt', message: 'expected OnGt too: when it means ON' })
  if (OffLt !== undefined && OnGt !== undefined && OffLt > OnGt)
    problems.push({ key: 'OffLt', message: 'expected a number that is not above OnGt' })
  if (OffGt !== undefined && OnLt === undefined)
    problems.push({ key: 'OffGt', message: 'expected OnLt too: when it means ON' })
  if (OffGt !== undefined && OnLt !== undefined && OffGt < OnLt)
    problems.push({ key: 'OffGt', message: 'expected a number that is not below OnLt' })
  if (For !== undefined && OnEq === undefined && OnGt === undefined && OnLt === undefined)
    problems.push({ key: 'For', message: 'expected OnEq, OnGt or OnLt too: what has to hold that long' })
  return problems
}

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
