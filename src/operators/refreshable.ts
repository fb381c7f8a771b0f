import {
  defer,
  filter,
  from,
  map,
  merge,
  mergeMap,
  scan,
  shareReplay,
  skip,
  startWith,
  switchMap,
  take,
  takeLast,
  takeUntil,
} from 'rxjs'
import type { MonoTypeOperatorFunction, Observable } from 'rxjs'
import { remember } from '../bounded.js'
import type { Reading } from '../model.js'

interface Memory {
  readonly latest: Map<string, Reading>
  reading?: Reading
}

/**
 * Passes readings on and repeats the latest one of every destination whenever `refresh$` emits. Not events, for a button that was
 * pressed is not pressed again; and not what is retained, for the broker repeats that itself.
 * Memory is bounded: beyond `limit` destinations the one not heard for longest is no longer repeated.
 *
 * ![marble diagram](../../marbles/refreshable.svg)
 *
 * @example readings$.pipe(refreshable(interval(60_000)))
 */
export const refreshable =
  (refresh$: Observable<unknown>, limit = 100_000): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      // One mutable record instead of a new one per reading: its cost must not grow with the destinations.
      const memory: Memory = { latest: new Map() }
      const memory$ = readings$.pipe(
        scan((known, reading) => {
          for (const destination of reading.forgets ?? []) known.latest.delete(destination)
          if (!reading.event && !reading.retain) remember(known.latest, reading.destination, reading, limit)
          known.reading = reading
          return known
        }, memory),
        // The replay is never empty, so a refresh before the first reading finds nothing instead of waiting for it.
        startWith(memory),
        shareReplay({ bufferSize: 1, refCount: true }),
      )
      const live$ = memory$.pipe(
        skip(1),
        map((known) => known.reading as Reading),
      )
      const repeated$ = refresh$.pipe(
        switchMap(() => memory$.pipe(take(1))),
        mergeMap(({ latest }) =>
          // What a newer reading overtakes in the middle of the repetition must not be said after it.
          from([...latest.values()]).pipe(filter((reading) => latest.get(reading.destination) === reading)),
        ),
        takeUntil(memory$.pipe(takeLast(1))),
      )
      return merge(live$, repeated$)
    })
