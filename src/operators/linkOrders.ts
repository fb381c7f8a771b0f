import { defer, distinctUntilChanged, mergeMap, type OperatorFunction, skip, skipWhile } from 'rxjs'

/** What an actuator is told when a connection is lost or found again. */
export interface LinkOrders {
  /** When it is lost. @default nothing */
  readonly lost?: string
  /** When it is found again. @default nothing */
  readonly found?: string
  /** When it is found again, the state that there was when it was lost. @default NO */
  readonly resume?: true
}

/**
 * Makes commands of whether there is a link, `true` for yes: one when it is lost, one when it is found again. The first link is none
 * that was found again, and who never had one has not lost it.
 *
 * ![marble diagram](../../marbles/linkOrders.svg)
 *
 * @example
 * of(false, true, false, true).pipe(linkOrders({ lost: 'OFF', resume: true }, () => 'ON'))
 * // → 'OFF', 'ON'
 */
export const linkOrders =
  ({ lost, found, resume }: LinkOrders, state: () => string | undefined): OperatorFunction<boolean, string> =>
  (isUp$) =>
    defer(() => {
      let before: string | undefined
      return isUp$.pipe(
        skipWhile((isUp) => !isUp),
        distinctUntilChanged(),
        skip(1),
        mergeMap((isUp) => {
          if (!isUp) before = state()
          const order = isUp ? (found ?? (resume && before)) : lost
          return order === undefined ? [] : [order]
        }),
      )
    })
