import { defer, distinctUntilChanged, endWith, filter, merge, mergeMap, takeWhile, tap } from 'rxjs'
import type { MonoTypeOperatorFunction, Observable } from 'rxjs'
import { remember } from '../bounded.js'
import type { Reading } from '../model.js'

/**
 * Passes readings while `open$` is true. While it is false (the start included) the latest reading of each
 * destination is kept; they go out, oldest first, when it turns true, and flushing pauses when it turns false again.
 * Memory is bounded: beyond `limit` destinations the oldest reading is dropped. What is still kept when the readings
 * complete is dropped, for there is no link to send it over. So is an event: it would be wrong by then.
 *
 * ![marble diagram](../../marbles/outbox.svg)
 *
 * @example readings$.pipe(outbox(online$))
 */
export const outbox =
  (open$: Observable<boolean>, limit = 100_000): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const kept = new Map<string, Reading>()
      let open = false
      function* flush() {
        for (const [destination, reading] of kept) {
          if (!open) return
          kept.delete(destination)
          yield reading
        }
      }
      const flushed$ = open$.pipe(
        tap((state) => (open = state)),
        // Already open means a flush may be under way further up the stack: it must not be started twice.
        distinctUntilChanged(),
        mergeMap(flush),
      )
      const live$ = readings$.pipe(
        filter((reading) => {
          for (const destination of reading.forgets ?? []) kept.delete(destination)
          // A reading that arrives during a flush queues behind it, so the order per destination holds.
          if (open && (kept.size === 0 || reading.event)) return true
          if (!reading.event) remember(kept, reading.destination, reading, limit)
          return false
        }),
      )
      return merge(flushed$, live$.pipe(endWith(null))).pipe(takeWhile((reading) => reading !== null))
    })
