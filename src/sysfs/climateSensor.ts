import { defer, identity, mergeMap } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Reading, Sensor } from '../model.js'
import { forgiving } from '../operators/forgiving.js'
import { movingAverage } from '../operators/movingAverage.js'
import { poll } from '../operators/poll.js'
import type { Climate } from './climate.js'
import { inUnit } from './inUnit.js'

/** The destination of a value, and how it is written there. */
export type ReadingForm = Required<Pick<Reading, 'destination' | 'decimals'>>

/** Where and how to report temperature and humidity. */
export interface ClimateOptions {
  /** From one measurement to the next, ms. */
  readonly period: number
  /** Of the temperature. */
  readonly temperature: ReadingForm
  /** Of the relative humidity, percent. */
  readonly humidity: ReadingForm
  /** Of the temperature. @default 'C' */
  readonly unit?: 'C' | 'F'
  /** Report the average of the last five measurements. @default false */
  readonly smoothing?: boolean
}

/** Measurements in a row that may fail without a word: the protocol of cheap sensors has no retries of its own. */
const failuresAllowed = 4

/** Reports temperature and humidity, measured by `read`; fails when several measurements in a row did. */
export function climateSensor(read: () => Promise<Climate>, options: ClimateOptions, log: Logger): Sensor {
  const { period, temperature, humidity, unit = 'C', smoothing = false } = options
  return defer(() =>
    poll(period, forgiving(read, failuresAllowed, log), { log }).pipe(
      mergeMap((climate): Reading[] => [
        { ...temperature, value: inUnit(climate.temperature, unit) },
        { ...humidity, value: climate.humidity },
      ]),
      smoothing ? movingAverage(5) : identity,
    ),
  )
}
