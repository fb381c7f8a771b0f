import { ignoreElements, Observable, type OperatorFunction, Subscription, takeWhile } from 'rxjs'

/**
 * Does something about the newest value of each key, one after the other for each, and only so many at a time. What a newer value
 * overtakes while it waits is dropped, so nothing piles up behind what is slow. Completes when all is done.
 *
 * ![marble diagram](../../marbles/newestInTurn.svg)
 *
 * @example
 * of('a1', 'a2', 'a3', 'b1').pipe(newestInTurn((text) => text.charAt(0), (text) => of(text).pipe(delay(1000))))
 * // → 'a1', 'b1', 'a3'
 */
export const newestInTurn =
  <T, R>(
    keyOf: (value: T) => string,
    work: (value: T) => Observable<R>,
    parallel = 4,
  ): OperatorFunction<T, R> =>
  (source$) =>
    new Observable((subscriber) => {
      const waiting = new Map<string, T>()
      const busy = new Set<string>()
      const running = new Subscription()
      let ended = false

      const begin = () => {
        for (const [key, value] of waiting) {
          if (busy.size >= parallel || subscriber.closed) break
          if (busy.has(key)) continue
          waiting.delete(key)
          busy.add(key)
          running.add(
            work(value).subscribe({
              next: (result) => subscriber.next(result),
              error: (error: unknown) => subscriber.error(error),
              complete: () => {
                busy.delete(key)
                begin()
              },
            }),
          )
        }
        if (ended && busy.size === 0 && waiting.size === 0) subscriber.complete()
      }
      const passing$ = source$.pipe(
        // It asks whether anybody listens, since a source that emits at once cannot be unsubscribed from yet.
        takeWhile((value) => {
          waiting.set(keyOf(value), value)
          begin()
          return !subscriber.closed
        }),
        ignoreElements(),
      )
      running.add(
        passing$.subscribe({
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            ended = true
            begin()
          },
        }),
      )
      return running
    })
