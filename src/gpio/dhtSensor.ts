import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { choice, integer } from '../fields/fields.js'
import type { Logger, Sensor } from '../model.js'
import { sensorPlugin } from '../plugin/plugin.js'
import {
  climateFields,
  climateInCode,
  type ClimateOptions,
  climateOptions,
  climateSensor,
  describeClimate,
  devicesNamed,
  readClimate,
} from '../sysfs/climate.js'

/** Which DHT sensor to read, and where to report it. */
export interface DhtSensorOptions extends ClimateOptions {
  /** The GPIO of its data wire, in BCM numbering. */
  readonly pin: number
  /** Where the kernel shows IIO devices. @default '/sys/bus/iio/devices' */
  readonly root?: string
}

/**
 * Reports temperature and humidity of a DHT11, DHT22 or AM2302, read by the kernel's dht11 driver. A measurement that fails
 * is left out; several in a row are an error that says what to do.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * dhtSensor({
 *   pin: 7,
 *   period: 10_000,
 *   temperature: { destination: 'attic/temp_c', decimals: 1 },
 *   humidity: { destination: 'attic/humi', decimals: 1 },
 * })
 */
export function dhtSensor(options: DhtSensorOptions, log: Logger = console): Sensor {
  const { pin, root = '/sys/bus/iio/devices', ...climate } = checked('dhtSensor', dhtInCode, options)
  return climateSensor(`the DHT sensor on GPIO ${pin}`, 'DHT', () => measure(pin, root), climate, log)
}

const dataPin = integer(0, 53)

const dhtInCode = optionsInCode({ pin: inCode(dataPin), ...climateInCode })

/** Measures with the DHT11, DHT22 or AM2302 on a pin (BCM), through the kernel's dht11 driver, which knows all three. */
async function measure(pin: number, root: string) {
  for (const folder of await devicesNamed(root, /^dht11\b/)) {
    // The device tree says phandle, pin and flags, four bytes each, big-endian; without it there is one sensor only.
    const gpios = await readFile(join(folder, 'of_node/gpios')).catch(() => undefined)
    if (gpios === undefined || gpios.readUInt32BE(4) === pin)
      return measured(
        await readClimate(join(folder, 'in_temp_input'), join(folder, 'in_humidityrelative_input')),
      )
  }
  throw new Error(
    `the kernel has no DHT sensor on GPIO ${pin}: add dtoverlay=dht11,gpiopin=${pin} to /boot/firmware/config.txt and reboot`,
  )
}

/** Passes a measurement on. A frame of zeros has a right checksum, and is what a wire says that nobody drives. */
function measured(climate: Awaited<ReturnType<typeof readClimate>>) {
  if (climate.temperature !== 0 || climate.humidity !== 0) return climate
  throw new Error('the sensor says nothing but zeros: has it power, and is its data wire connected?')
}

/** `[SensorN] Class = gpio.dht_sensor.DhtSensor` */
export const DhtSensor = sensorPlugin({
  summary: 'Temperature and humidity of a DHT11, DHT22 or AM2302 on a GPIO pin.',
  options: z.object({
    Pin: dataPin.describe('GPIO of its data wire, in BCM numbering'),
    Sensor: choice('DHT11', 'DHT22', 'AM2302').describe(
      'DHT11, DHT22 or AM2302; the kernel finds out by itself',
    ),
    ...climateFields('/sys/bus/iio/devices', 'IIO', {}),
  }),
  wired: ({ TempDest, HumiDest }) => [TempDest, HumiDest],
  describes: (parameters) => ({ topics: describeClimate('DHT', climateOptions(parameters, 1, 1)) }),
  create: ({ Pin, ...parameters }, { log }) =>
    dhtSensor({ pin: Pin, ...climateOptions(parameters, 1, 1) }, log),
})
