import {
  defer,
  delay,
  filter,
  map,
  merge,
  type MonoTypeOperatorFunction,
  Observable,
  type OperatorFunction,
  Subject,
  takeWhile,
  tap,
} from 'rxjs'
import { isWithdrawal, type Reading } from '../model.js'

/**
 * Lets at most one reading per destination pass in `period` ms: the first at once and then, whenever the period is over,
 * the latest heard meanwhile. Events pass at once, all of them, and so does what is withdrawn. When the source completes, what is
 * held back still gets its turn. Memory is bounded: beyond 10 000 destinations in one period, the further ones pass unthrottled.
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

/** Takes reports apart into readings: a `concatMap` as a plain loop, since every packet from the air comes by. */
export function eachReading(): OperatorFunction<DeviceReport, Reading> {
  return (reports$) =>
    new Observable((subscriber) => {
      // It asks whether anybody listens, since a source that emits at once cannot be unsubscribed from yet.
      const emitting$ = reports$.pipe(
        takeWhile(({ readings }) => {
          for (const reading of readings) subscriber.next(reading)
          return !subscriber.closed
        }),
      )
      return emitting$.subscribe({
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      })
    })
}

/** All readings of one packet, and whose they are. */
export interface DeviceReport {
  /** What the destinations of the device have in common. */
  readonly device: string
  readonly readings: readonly Reading[]
  /** The device speaks when something happens only: that it is not heard says nothing. */
  readonly triggered?: true
}

const deviceLimit = 10_000

/**
 * Lets at most one report per device pass in `period` ms: the first at once and then, whenever the period is over,
 * the latest reading of each destination heard meanwhile. Events pass at once, all of them, and so does what is withdrawn, which
 * is held back no longer. When the source completes, what is held back still gets its turn. Beyond 10 000 devices in one
 * period, the further ones pass unthrottled.
 */
export function throttleReports(period: number): MonoTypeOperatorFunction<DeviceReport> {
  return (reports$) =>
    defer(() => {
      const heldBack = new Map<string, Map<string, Reading>>()
      const sent$ = new Subject<string>()

      const prompt$ = reports$.pipe(
        map((report) => {
          const held = heldBack.get(report.device)
          if (!held) return report
          for (const reading of report.readings) {
            if (isWithdrawal(reading)) held.delete(reading.destination)
            else if (!reading.event) held.set(reading.destination, reading)
          }
          return {
            ...report,
            readings: report.readings.filter((reading) => reading.event ?? isWithdrawal(reading)),
          }
        }),
        filter(({ readings }) => readings.length > 0),
        tap({ complete: () => sent$.complete() }),
      )
      const late$ = sent$.pipe(
        delay(period),
        map((device) => ({ device, readings: [...(heldBack.get(device)?.values() ?? [])] })),
        tap(({ device }) => heldBack.delete(device)),
        filter(({ readings }) => readings.length > 0),
      )
      return merge(late$, prompt$).pipe(
        tap(({ device }) => {
          if (heldBack.has(device) || heldBack.size >= deviceLimit) return
          heldBack.set(device, new Map())
          sent$.next(device)
        }),
      )
    })
}
