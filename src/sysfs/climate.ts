import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defer, identity, mergeMap } from 'rxjs'
import type { Logger, Reading, Sensor } from '../model.js'
import { forgiving } from '../operators/forgiving.js'
import { movingAverage } from '../operators/movingAverage.js'
import { poll } from '../operators/poll.js'
import { choice } from '../plugin/fields.js'

/** What a sensor of temperature and humidity measures. */
interface Climate {
  /** °C */
  readonly temperature: number
  /** Percent, relative. */
  readonly humidity: number
}

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

/** A temperature in °C as it is to be reported. */
export const inUnit = (celsius: number, unit: 'C' | 'F'): number =>
  unit === 'F' ? celsius * 1.8 + 32 : celsius

/** The folders of the devices below `root` that their driver calls by such a name; none also where there is no `root`. */
export async function devicesNamed(root: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(root).catch(() => [])
  const folders = entries.sort().map((entry) => join(root, entry))
  const names = await Promise.all(
    folders.map((folder) => readFile(join(folder, 'name'), 'utf8').catch(() => '')),
  )
  return folders.filter((_, index) => name.test(names[index]?.trim() ?? ''))
}

/** Passes a value on that the sensor can have measured, and throws at any other. */
export function inRange(value: number, min: number, max: number, unit: string): number {
  if (value >= min && value <= max) return value
  throw new Error(`expected ${min} to ${max} ${unit}, got ${value} ${unit}: look at the wiring of the sensor`)
}

/** Reads a pair of files of the kernel; one after the other, for both come from one measurement that the driver keeps. */
export async function readClimate(temperatureFile: string, humidityFile: string): Promise<Climate> {
  const temperature = inRange(await readThousandths(temperatureFile), -40, 125, '°C')
  const humidity = inRange(await readThousandths(humidityFile), 0, 100, '%')
  return { temperature, humidity }
}

/** Reads a file of the kernel that holds a whole number of thousandths, such as millidegrees: `21500` is 21.5. */
async function readThousandths(path: string): Promise<number> {
  const text = (await readFile(path, 'utf8')).trim()
  if (!/^-?\d+$/.test(text)) throw new Error(`expected a whole number in ${path}, got "${text.slice(0, 40)}"`)
  return Number(text) / 1000
}

/** Degrees Celsius or Fahrenheit. */
export const temperatureUnit = choice('C', 'F')
