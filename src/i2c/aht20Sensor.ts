import { join } from 'node:path'
import { defer, identity, mergeMap, type MonoTypeOperatorFunction } from 'rxjs'
import * as z from 'zod'
import { checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { destination as topic } from '../fields/topicFields.js'
import { type Logger, payload, type Reading, type Sensor } from '../model.js'
import { sensorPlugin } from '../plugin/plugin.js'
import {
  climateFields,
  climateInCode,
  type ClimateOptions,
  climateOptions,
  climateSensor,
  describeClimate,
  devicesNamed,
  digits,
  readClimate,
} from '../sysfs/climate.js'

/** Where to find the AHT20, and where to report it. */
export interface Aht20SensorOptions extends ClimateOptions {
  /** Where the kernel shows hwmon devices. @default '/sys/class/hwmon' */
  readonly root?: string
  /** Where to report both as one JSON object, in place of where each is reported. @default each by itself */
  readonly jsonDestination?: string
}

/**
 * Reports temperature and humidity of the AHT10, AHT20 or DHT20 on I²C, read by the kernel's aht10 driver. A measurement
 * that fails is left out; several in a row are an error that says what to do.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * aht20Sensor({
 *   period: 10_000,
 *   temperature: { destination: 'attic/temp_c', decimals: 2 },
 *   humidity: { destination: 'attic/humi', decimals: 1 },
 * })
 */
export function aht20Sensor(options: Aht20SensorOptions, log: Logger = console): Sensor {
  const {
    root = '/sys/class/hwmon',
    jsonDestination,
    ...climate
  } = checked('aht20Sensor', aht20InCode, options)
  return climateSensor('the AHT20 sensor', 'AHT20', () => measure(root), climate, log).pipe(
    jsonDestination === undefined ? identity : inOne(jsonDestination, climate),
  )
}

const aht20InCode = optionsInCode({ ...climateInCode, jsonDestination: inCode(topic).optional() })

/** Both readings of a measurement as one, in the words of the Python program; they follow each other. */
const inOne =
  (
    destination: string,
    { temperature, unit = 'C' }: Pick<ClimateOptions, 'temperature' | 'unit'>,
  ): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      let last = ''
      return readings$.pipe(
        mergeMap((reading) => {
          const text = Number(payload(reading))
          if (reading.destination === temperature.destination) {
            last = `"temperature": ${text}, "temperature_unit": "${unit}"`
            return []
          }
          return [{ destination, value: `{${last}, "humidity": ${text}}` }]
        }),
      )
    })

/** Measures with the AHT10, AHT20 or DHT20 on I²C, through the kernel's aht10 driver, which shows it under hwmon. */
async function measure(root: string) {
  const [folder] = await devicesNamed(root, /^(aht[12]0|dht20)$/)
  if (folder) return readClimate(join(folder, 'temp1_input'), join(folder, 'humidity1_input'))
  throw new Error(
    'the kernel has no AHT20 sensor: run echo aht20 0x38 | sudo tee /sys/bus/i2c/devices/i2c-1/new_device (and sudo modprobe aht10)',
  )
}

const fields = climateFields('/sys/class/hwmon', 'hwmon', {
  TempDecimals: digits.prefault('3').describe('digits after the point of the temperature'),
  HumDecimals: digits.prefault('3').describe('digits after the point of the humidity'),
})

interface Destinations {
  readonly TempDest?: unknown
  readonly HumiDest?: unknown
  readonly Destination?: unknown
}

/** Temperature and humidity are reported somewhere, each by itself or both as one. */
function refuseNowhere(stated: Destinations, context: z.core.$RefinementCtx): void {
  const missing = (key: 'TempDest' | 'HumiDest', what: string) => {
    if (stated[key] === undefined && stated.Destination === undefined)
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `missing, it is required: where to report the ${what}; or Destination for both as one`,
      })
  }
  missing('TempDest', 'temperature')
  missing('HumiDest', 'humidity')
  if (stated.Destination !== undefined && (stated.TempDest ?? stated.HumiDest) !== undefined)
    context.addIssue({
      code: 'custom',
      path: ['Destination'],
      message: 'it takes the place of TempDest and HumiDest: leave out these, or it',
    })
}

const optionsOf = ({
  TempDest = 'temperature',
  HumiDest = 'humidity',
  ...parameters
}: Omit<Fields, 'TempDest' | 'HumiDest'> & {
  readonly TempDest?: string | undefined
  readonly HumiDest?: string | undefined
}) => climateOptions({ ...parameters, TempDest, HumiDest }, parameters.TempDecimals, parameters.HumDecimals)

type Fields = z.output<z.ZodObject<typeof fields>>

/** `[SensorN] Class = i2c.aht20.AHT20Sensor` */
export const Aht20Sensor = sensorPlugin({
  summary: 'Temperature and humidity of an AHT20 (or AHT10, DHT20) on the I²C bus.',
  options: z
    .object({
      ...fields,
      TempDest: fields.TempDest.optional(),
      HumiDest: fields.HumiDest.optional(),
      Destination: topic
        .optional()
        .describe('where to report both as one JSON object, in place of TempDest and HumiDest'),
    })
    .superRefine(refuseNowhere, { when: () => true }),
  wired: ({ TempDest, HumiDest, Destination }) =>
    [Destination, TempDest, HumiDest].filter((stated) => stated !== undefined),
  describes: ({ Destination, ...parameters }) => ({
    topics: Destination === undefined ? describeClimate('AHT20', optionsOf(parameters)) : [],
  }),
  create: ({ Destination, ...parameters }, { log }) =>
    aht20Sensor(
      { ...optionsOf(parameters), ...(Destination !== undefined && { jsonDestination: Destination }) },
      log,
    ),
})
