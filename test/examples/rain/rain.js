// @ts-check
import { createInterface } from 'node:readline'
import { concat, defer, finalize, fromEvent, map, mergeMap, scan, timer } from 'rxjs'
import { fields, sensorPlugin } from 'sensor-reporter'

/** @type {(destination: string) => import('rxjs').OperatorFunction<unknown, import('sensor-reporter').Reading>} */
export const rain = (destination) => (tips$) =>
  tips$.pipe(
    mergeMap(() => concat([1], timer(3_600_000).pipe(map(() => -1)))),
    scan((tips, change) => tips + change, 0),
    map((tips) => ({ destination, value: (tips * 3) / 10 })),
  )

/** As long as there is no gauge on the roof: each Enter is a tip of its bucket. */
const tips$ = defer(() => {
  const lines = createInterface({ input: process.stdin })
  return fromEvent(lines, 'line').pipe(finalize(() => lines.close()))
})

/** `[SensorN] Class = ./rain.js#Rain` */
export const Rain = sensorPlugin({
  summary: 'The rain of the last hour, in mm.',
  options: fields.object({ Destination: fields.destination.describe('where it is published') }),
  create: ({ Destination }) => tips$.pipe(rain(Destination)),
})
