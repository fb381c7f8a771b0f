import { asapScheduler, concat, concatMap, defer, identity, merge, observeOn, Subject } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Reading } from '../model.js'
import { jsonReading } from './jsonReading.js'
import type { MqttOptions } from './mqttOptions.js'

/**
 * Puts the readings of a device that come in one turn together as one JSON object: in their place (`json`) or after them
 * (`both`). A reading without device becomes JSON by itself with `json` only, since both would share a topic. Retained
 * states, and those on topics that take commands, remain as they are.
 *
 * @example readings$.pipe(jsonReports('both')) // attic/temp_c: 21.7, attic: {"temperature_c":21.7,"at":"2025-12-06T05:46:40.123Z"}
 */
export function jsonReports(format: NonNullable<MqttOptions['format']>): MonoTypeOperatorFunction<Reading> {
  if (format === 'plain') return identity
  return (readings$) =>
    defer(() => {
      let report: Reading[] = []
      const begun$ = new Subject<void>()
      const close = (): Reading[] => {
        const [first, ...more] = report
        report = []
        return first ? [jsonReading([first, ...more])] : []
      }
      const say = (reading: Reading): Reading[] => {
        const plain = format === 'both' ? [reading] : []
        if (belongsTo(report, reading)) {
          report.push(reading)
          return plain
        }
        const ended = close()
        if (isState(reading)) return [...ended, alsoForgetting(reading)]
        if (reading.device === undefined) {
          return [...ended, format === 'both' ? reading : jsonReading([reading])]
        }
        report.push(reading)
        begun$.next()
        return [...ended, ...plain]
      }
      const last$ = defer(() => {
        begun$.complete()
        return close()
      })
      // The readings of a report come in one turn: when it is over, the report is complete.
      const complete$ = begun$.pipe(observeOn(asapScheduler), concatMap(close))
      return merge(complete$, concat(readings$.pipe(concatMap(say)), last$))
    })
}

const isState = ({ retain, echo }: Reading) => retain === true || echo === true

const belongsTo = (report: readonly Reading[], reading: Reading) =>
  reading.device !== undefined &&
  reading.device === report[0]?.device &&
  !isState(reading) &&
  report.every(({ destination }) => destination !== reading.destination)

/** Who is gone says so with the destinations of its readings; its JSON is gone, too. */
const alsoForgetting = (reading: Reading): Reading =>
  reading.device !== undefined && reading.forgets
    ? { ...reading, forgets: [...reading.forgets, reading.device] }
    : reading
