import { defer, map, type MonoTypeOperatorFunction } from 'rxjs'
import { remember } from '../memory.js'
import type { Reading } from '../model.js'

const destinationLimit = 100_000

/**
 * Replaces numbers by the average of all of their destination, in which the newest counts one part in `parts` and what was before it the
 * rest; as long as there are fewer than `parts`, all count alike.
 *
 * ![marble diagram](../../marbles/exponentialAverage.svg)
 *
 * @example
 * const attic = (value: number) => ({ destination: 'attic', value })
 * of(attic(20), attic(22), attic(25)).pipe(exponentialAverage(2))
 * // → attic(20), attic(21), attic(23)
 */
export const exponentialAverage =
  (parts: number): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const known = new Map<string, { readonly average: number; readonly count: number }>()
      return readings$.pipe(
        map((reading) => {
          const { destination, value } = reading
          if (typeof value !== 'number') return reading
          const { average: before, count: many } = known.get(destination) ?? { average: 0, count: 0 }
          const count = Math.min(many + 1, parts)
          const average = before + (value - before) / count
          remember(known, destination, { average, count }, destinationLimit)
          return { ...reading, value: average }
        }),
      )
    })
