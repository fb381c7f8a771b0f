import { defer, map, type MonoTypeOperatorFunction } from 'rxjs'
import type { Reading } from '../model.js'

/**
 * Replaces numbers by the average of the last `count` of their destination, or of as many as there are yet.
 *
 * ![marble diagram](../../marbles/movingAverage.svg)
 *
 * @example
 * const attic = (value: number) => ({ destination: 'attic', value })
 * of(attic(20), attic(22)).pipe(movingAverage(5))
 * // → attic(20), attic(21)
 */
export const movingAverage =
  (count: number): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const latest = new Map<string, number[]>()
      return readings$.pipe(
        map((reading) => {
          const { destination, value } = reading
          if (typeof value !== 'number') return reading
          const values = [...(latest.get(destination) ?? []), value].slice(-count)
          latest.set(destination, values)
          return { ...reading, value: values.reduce((sum, each) => sum + each) / values.length }
        }),
      )
    })
