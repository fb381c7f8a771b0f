import { Observable, type OperatorFunction, takeWhile } from 'rxjs'
import type { Reading } from '../model.js'
import type { DeviceReport } from './deviceReport.js'

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
