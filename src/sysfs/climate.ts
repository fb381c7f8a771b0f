import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defer, identity, mergeMap } from 'rxjs'
import type * as z from 'zod'
import { describe, deviceAt, humidityInPercent, temperatureIn } from '../description.js'
import { inCode, optionsInCode, wordInCode } from '../fields/codeOptions.js'
import { boolean, choice, field, integer, milliseconds, number, path, seconds } from '../fields/fields.js'
import { destination } from '../fields/topicFields.js'
import type { Logger, Reading, Sensor } from '../model.js'
import { exponentialAverage } from '../operators/exponentialAverage.js'
import { forgiving } from '../operators/forgiving.js'
import { movingAverage } from '../operators/movingAverage.js'
import { poll } from '../operators/poll.js'
import { inTurn } from '../threads.js'

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
  /** Report the average of the last five measurements, or that of all in which the newest counts one part in so many. @default false */
  readonly smoothing?: boolean | number
}

/** The destination of a value, and how it is written there. */
export type ReadingForm = Required<Pick<Reading, 'destination' | 'decimals'>>

/** What a sensor of temperature and humidity measures. */
interface Climate {
  /** °C */
  readonly temperature: number
  /** Percent, relative. */
  readonly humidity: number
}

/** Reports temperature and humidity of a sensor of a model, so called, measured by `read`; fails when several measurements in a row did. */
export function climateSensor(
  name: string,
  model: string,
  read: () => Promise<Climate>,
  options: ClimateOptions,
  log: Logger,
): Sensor {
  const { temperature, humidity, unit = 'C' } = options
  const [aboutTemperature, aboutHumidity] = describeClimate(model, options)
  return measurements(
    () => inTurn(name, read),
    (climate) => [
      { ...temperature, value: inUnit(climate.temperature, unit), about: aboutTemperature },
      { ...humidity, value: climate.humidity, about: aboutHumidity },
    ],
    options,
    log,
  )
}

/** What a model reports. */
export function describeClimate(model: string, { temperature, humidity, unit = 'C' }: ClimateOptions) {
  const device = deviceAt(temperature.destination, model)
  const [of, to] = [{ decimals: temperature.decimals }, { decimals: humidity.decimals }]
  return [
    describe(device, temperature.destination, 'temperature', temperatureIn(unit), of),
    describe(device, humidity.destination, 'humidity', humidityInPercent, to),
  ] as const
}

/** Measurements in a row that may fail without a word: the protocol of cheap sensors has no retries of its own. */
const failuresAllowed = 4

/** Measures at once and then every `period` ms; fails when several measurements in a row did. */
export const measurements = <T>(
  measure: () => Promise<T>,
  readingsOf: (measured: T) => Reading[],
  { period, smoothing = false }: Pick<ClimateOptions, 'period' | 'smoothing'>,
  log: Logger,
): Sensor =>
  defer(() =>
    poll(period, forgiving(measure, failuresAllowed, log), { log }).pipe(
      mergeMap(readingsOf),
      typeof smoothing === 'number' ? exponentialAverage(smoothing) : smoothing ? movingAverage(5) : identity,
    ),
  )

/** A temperature in °C as it is to be reported. */
export const inUnit = (celsius: number, unit: 'C' | 'F'): number =>
  unit === 'F' ? celsius * 1.8 + 32 : celsius

/** The folders of the devices below `root` that their driver calls by such a name; none also where there is no `root`. */
export async function devicesNamed(root: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(root).catch(() => [])
  const folders: string[] = []
  // One after the other, since each that hangs would hold a thread.
  for (const folder of entries.sort().map((entry) => join(root, entry)))
    if (name.test((await readFile(join(folder, 'name'), 'utf8').catch(() => '')).trim())) folders.push(folder)
  return folders
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

/** Passes a value on that the sensor can have measured, and throws at any other. */
export function inRange(value: number, min: number, max: number, unit: string): number {
  if (value >= min && value <= max) return value
  throw new Error(`expected ${min} to ${max} ${unit}, got ${value} ${unit}: look at the wiring of the sensor`)
}

/** What the Python program takes, which leaves out what follows the point of a number. */
const smoothing = field('YES or NO (or true, false, on, off, 1, 0), or a number of at least 2', (text) => {
  const parts = Math.trunc(number.safeParse(text).data ?? 0)
  return parts >= 2 ? parts : boolean.safeParse(text).data
})

/** Digits after the point. */
export const digits = integer(0, 3)

/** What is checked alike of all that measure temperatures. */
export const measuringInCode = {
  period: inCode(milliseconds(1)),
  unit: wordInCode('C', 'F').optional(),
  smoothing: inCode(smoothing).optional(),
  root: inCode(path).optional(),
}

const formInCode = optionsInCode({ destination: inCode(destination), decimals: inCode(digits) })

/** What is checked alike of all that measure temperature and humidity. */
export const climateInCode = { ...measuringInCode, temperature: formInCode, humidity: formInCode }

/** The parameters of what measures temperatures, through devices of a kind that the kernel shows in a folder. */
export const measuringFields = (folder: string, kind: string) => ({
  Poll: seconds(0.1).describe('seconds from one measurement to the next, usually 60'),
  TempUnit: choice('C', 'F').prefault('C').describe('C or F'),
  Smoothing: smoothing
    .prefault('NO')
    .describe('report the average of the last five measurements; 4: of all, the newest counts a quarter'),
  Path: path
    .prefault(folder)
    .describe(`where the kernel shows ${kind} devices; only containers need another`),
})

/** The parameters of what measures temperature and humidity; `own` are those of one kind of sensor. */
export function climateFields<Own>(folder: string, kind: string, own: Own) {
  const { Poll, TempUnit, Smoothing, Path } = measuringFields(folder, kind)
  const TempDest = destination.describe('where to report the temperature')
  const HumiDest = destination.describe('where to report the humidity')
  return { Poll, TempDest, HumiDest, TempUnit, ...own, Smoothing, Path }
}

/** What these parameters mean, for a sensor with so many digits after the point. */
export const climateOptions = (
  parameters: z.output<z.ZodObject<ReturnType<typeof climateFields<object>>>>,
  temperatureDecimals: number,
  humidityDecimals: number,
) => ({
  root: parameters.Path,
  period: parameters.Poll,
  temperature: { destination: parameters.TempDest, decimals: temperatureDecimals },
  humidity: { destination: parameters.HumiDest, decimals: humidityDecimals },
  unit: parameters.TempUnit,
  smoothing: parameters.Smoothing,
})
