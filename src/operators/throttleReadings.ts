import { map, type MonoTypeOperatorFunction } from 'rxjs'
import { eachReading } from '../govee/eachReading.js'
import { throttleReports } from '../govee/throttleReports.js'
import type { Reading } from '../model.js'

/**
 * Lets at most one reading per destination pass in `period` ms: the first at once and then, whenever the period is over,
 * the latest heard meanwhile. Events pass at once, all of them. When the source completes, what is held back still gets its
 * turn. Memory is bounded: beyond 10 000 destinations in one period, the further ones pass unthrottled.
 *
 * ![marble diagram](../../marbles/throttleReadings.svg)
 *
 * @example
 * const attic = (value: number): Reading => ({ destination: 'attic', value })
 * of(attic(21), attic(22), attic(23)).pipe(throttleReadings(60_000))
 * // → attic(21), attic(23)
 */
export const throttleReadings =
  (period: number): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    readings$.pipe(
      map((reading) => ({ device: reading.destination, readings: [reading] })),
      throttleReports(period),
      eachReading(),
    )
