import { join } from 'node:path'
import * as z from 'zod'
import type { Logger, Sensor } from '../model.js'
import { checked, optionsInCode } from '../plugin/codeOptions.js'
import { sensorPlugin } from '../plugin/plugin.js'
import {
  climateFields,
  climateInCode,
  type ClimateOptions,
  climateOptions,
  climateSensor,
  devicesNamed,
  digits,
  readClimate,
} from '../sysfs/climate.js'

/** Where to find the AHT20, and where to report it. */
export interface Aht20SensorOptions extends ClimateOptions {
  /** Where the kernel shows hwmon devices. @default '/sys/class/hwmon' */
  readonly root?: string
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
  const { root = '/sys/class/hwmon', ...climate } = checked('aht20Sensor', aht20InCode, options)
  return climateSensor('the AHT20 sensor', 'AHT20', () => measure(root), climate, log)
}

const aht20InCode = optionsInCode(climateInCode)

/** Measures with the AHT10, AHT20 or DHT20 on I²C, through the kernel's aht10 driver, which shows it under hwmon. */
async function measure(root: string) {
  const [folder] = await devicesNamed(root, /^(aht[12]0|dht20)$/)
  if (folder) return readClimate(join(folder, 'temp1_input'), join(folder, 'humidity1_input'))
  throw new Error(
    'the kernel has no AHT20 sensor: run echo aht20 0x38 | sudo tee /sys/bus/i2c/devices/i2c-1/new_device (and sudo modprobe aht10)',
  )
}

/** `[SensorN] Class = i2c.aht20.AHT20Sensor` */
export const Aht20Sensor = sensorPlugin({
  summary: 'Temperature and humidity of an AHT20 (or AHT10, DHT20) on the I²C bus.',
  options: z.object(
    climateFields('/sys/class/hwmon', 'hwmon', {
      TempDecimals: digits.prefault('3').describe('digits after the point of the temperature'),
      HumDecimals: digits.prefault('3').describe('digits after the point of the humidity'),
    }),
  ),
  wired: ({ TempDest, HumiDest }) => [TempDest, HumiDest],
  create: (parameters, { log }) =>
    aht20Sensor(climateOptions(parameters, parameters.TempDecimals, parameters.HumDecimals), log),
})
