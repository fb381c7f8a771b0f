import {
  concat,
  defer,
  finalize,
  map,
  merge,
  mergeMap,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  ReplaySubject,
  takeUntil,
  tap,
} from 'rxjs'
import { isWithdrawal, type Reading, withdrawal } from '../model.js'

/** When `withdraw` does so, and of what. */
export interface WithdrawOptions {
  /** Emits when what was said is no longer true, such as when a sensor has failed that is then tried again. @default never */
  readonly failed$?: Observable<unknown>
  /** Destinations that are withdrawn when it has failed, though it may have said nothing of them. @default none */
  readonly destinations?: readonly string[]
  /** Lets the source go: what it has said is withdrawn, and that is all. @default never */
  readonly leave$?: Observable<unknown>
  /** Whether what it has said is withdrawn when the source is let go. @default all of it */
  readonly isGone?: (reading: Reading) => boolean
}

/**
 * Passes readings on, and withdraws the destinations of all of them when the source has failed, or is let go: then nobody knows
 * that they are still true. Neither when it completes nor when it is unsubscribed from. Memory is bounded: beyond `limit`
 * destinations further ones are not withdrawn.
 *
 * ![marble diagram](../../marbles/withdraw.svg) ![marble diagram](../../marbles/withdraw-leave.svg)
 */
export const withdraw =
  (
    { failed$ = NEVER, destinations = [], leave$ = NEVER, isGone = () => true }: WithdrawOptions,
    limit = 100_000,
  ): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const said = new Map<string, Reading>()
      const ended$ = new ReplaySubject<void>(1)
      let isLeaving = false

      const remembered = (reading: Reading) => {
        const { destination, event, forgets } = reading
        if (forgets) for (const forgotten of forgets) said.delete(forgotten)
        if (!event && !isWithdrawal(reading) && (said.size < limit || said.has(destination)))
          said.set(destination, reading)
        return reading
      }
      const failed = () => {
        const silent = destinations.filter((destination) => !said.has(destination))
        const readings = [...said.values(), ...silent.map((destination) => ({ destination, value: '' }))]
        said.clear()
        return readings.map(withdrawal)
      }
      const left = () => (isLeaving ? [...said.values()].filter(isGone).map(withdrawal) : [])

      // Every reading of the program passes here: a `tap` would cost more.
      const before$ = readings$.pipe(map(remembered), takeUntil(leave$.pipe(tap(() => (isLeaving = true)))))
      const live$ = concat(before$, defer(left)).pipe(finalize(() => ended$.next()))
      // First, since the source may fail at once.
      return merge(failed$.pipe(mergeMap(failed), takeUntil(ended$)), live$)
    })
