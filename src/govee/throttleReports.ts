import { defer, delay, filter, map, merge, type MonoTypeOperatorFunction, Subject, tap } from 'rxjs'
import type { Reading } from '../model.js'
import type { DeviceReport } from './deviceReport.js'

const deviceLimit = 10_000

/**
 * Lets at most one report per device pass in `period` ms: the first at once and then, whenever the period is over,
 * the latest reading of each destination heard meanwhile. Events pass at once, all of them. When the source completes,
 * what is held back still gets its turn. Beyond 10 000 devices in one period, the further ones pass unthrottled.
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
          for (const reading of report.readings) if (!reading.event) held.set(reading.destination, reading)
          return { ...report, readings: report.readings.filter(({ event }) => event) }
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
