import { filter, type MonoTypeOperatorFunction, Observable, Subject } from 'rxjs'

/**
 * Shares one subscription to a source that must not be opened twice, such as standard input. It begins with the first
 * subscriber and lasts until the source ends, even while nobody listens; what is said then (the latest `limit` values) is
 * kept for the next subscriber. While somebody listens, every subscriber hears everything from its subscription on.
 *
 * ![marble diagram](../../marbles/keepWhileUnheard.svg)
 *
 * @example
 * const typed$ = of('a', 'b', 'c').pipe(keepWhileUnheard(1))
 * typed$.pipe(take(1))
 * // → 'a'
 * typed$
 * // → 'c'
 */
export const keepWhileUnheard =
  <T>(limit: number): MonoTypeOperatorFunction<T> =>
  (source$) => {
    const heard$ = new Subject<T>()
    let kept: T[] = []
    let started = false

    const isHeard = (value: T) => {
      if (heard$.observed) return true
      kept.push(value)
      // In bulk: to take the oldest out of a long list costs as much as the list is long.
      if (kept.length >= 2 * limit) kept = kept.slice(-limit)
      return false
    }

    return new Observable((subscriber) => {
      while (kept.length > 0 && !subscriber.closed) {
        const passing = kept.slice(-limit)
        kept = []
        const last = passing.findIndex((value) => {
          subscriber.next(value)
          return subscriber.closed
        })
        if (last >= 0) kept = [...passing.slice(last + 1), ...kept]
      }
      subscriber.add(heard$.subscribe(subscriber))
      if (started) return
      started = true
      source$.pipe(filter(isHeard)).subscribe(heard$)
    })
  }
