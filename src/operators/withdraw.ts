import { type MonoTypeOperatorFunction, NEVER, Observable, Subscription, takeWhile } from 'rxjs'
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
    // In one level, since every reading of the program passes here.
    new Observable((subscriber) => {
      const said = new Map<string, Reading>()
      const running = new Subscription()
      const withdrawAll = (readings: readonly Reading[]) => {
        said.clear()
        for (const reading of readings) subscriber.next(withdrawal(reading))
      }
      const error = (failure: unknown) => subscriber.error(failure)

      // First, since the source may fail at once.
      running.add(
        failed$.subscribe({
          next: () => {
            const silent = destinations.filter((destination) => !said.has(destination))
            withdrawAll([...said.values(), ...silent.map((destination) => ({ destination, value: '' }))])
          },
          error,
        }),
      )
      running.add(
        leave$.subscribe({
          next: () => {
            running.unsubscribe()
            withdrawAll([...said.values()].filter(isGone))
            subscriber.complete()
          },
          error,
        }),
      )
      const passing$ = readings$.pipe(
        // It asks whether anybody listens, since a source that emits at once cannot be unsubscribed from yet.
        takeWhile((reading) => {
          const { destination, event, forgets } = reading
          if (forgets) for (const forgotten of forgets) said.delete(forgotten)
          if (!event && !isWithdrawal(reading) && (said.size < limit || said.has(destination)))
            said.set(destination, reading)
          subscriber.next(reading)
          return !running.closed && !subscriber.closed
        }),
      )
      running.add(passing$.subscribe({ error, complete: () => subscriber.complete() }))
      return running
    })
