import { readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defer } from 'rxjs'
import * as z from 'zod'
import { describe, deviceAt, temperatureIn } from '../description.js'
import { checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { field } from '../fields/fields.js'
import { escapeControls } from '../fields/problems.js'
import { destination as topic } from '../fields/topicFields.js'
import type { Logger, Sensor } from '../model.js'
import { sensorPlugin } from '../plugin/plugin.js'
import { inRange, inUnit, measurements, measuringFields, measuringInCode } from '../sysfs/climate.js'
import { inTurn } from '../threads.js'

/** Which 1-Wire thermometer to read, and where to report it. */
export interface Ds18x20SensorOptions {
  /** Its folder below `root`: `28-a66c801e64ff`. */
  readonly device: string
  /** Where to report the temperature. */
  readonly destination: string
  /** From one measurement to the next, ms. */
  readonly period: number
  /** Of the temperature. @default 'C' */
  readonly unit?: 'C' | 'F'
  /** Report the average of the last five measurements, or that of all in which the newest counts one part in so many. @default false */
  readonly smoothing?: boolean | number
  /** Where the kernel shows 1-Wire devices. @default '/sys/bus/w1/devices' */
  readonly root?: string
}

/**
 * Reports the temperature of a DS18S20 or DS18B20, read by the kernel's w1_therm driver. What a sensor says that has just
 * been powered, or that its checksum refutes, is left out.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const outside$ = ds18x20Sensor({
 *   device: '28-a66c801e64ff',
 *   destination: 'outside/temp_c',
 *   period: 10_000,
 * })
 */
export function ds18x20Sensor(options: Ds18x20SensorOptions, log: Logger = console): Sensor {
  const {
    device,
    destination,
    unit = 'C',
    root = '/sys/bus/w1/devices',
    ...measuring
  } = checked('ds18x20Sensor', ds18x20InCode, options)
  const about = describeThermometer({ destination, unit })
  return defer(() => {
    let last: number | undefined
    const measure = async () => {
      const celsius = parseW1Slave(await read(root, device))
      if (isPowerOnValue(celsius, last))
        throw new Error(`${device} says 85 °C, as it does before it measures: has it enough power?`)
      last = celsius
      return celsius
    }
    return measurements(
      measure,
      (celsius) => [{ destination, value: inUnit(celsius, unit), decimals: 3, about }],
      measuring,
      log,
    )
  })
}

/**
 * Whether a temperature is what a DS18x20 says after it lost power, before it measures: exactly 85 °C. Near that it may be
 * true.
 */
export const isPowerOnValue = (celsius: number, before: number | undefined): boolean =>
  celsius === 85 && !(before !== undefined && before >= 80)

/**
 * The temperature (°C) in what the kernel shows of a 1-Wire thermometer: two lines with the nine bytes of its memory, the
 * first with the verdict on their checksum, the second with millidegrees
 * (https://docs.kernel.org/w1/slaves/w1_therm.html). Throws when it is none to rely on.
 *
 * @example parseW1Slave('50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=21312\n') // 21.312
 */
export function parseW1Slave(text: string): number {
  const [, verdict] = / crc=[0-9a-f]{2} (YES|NO)$/im.exec(text) ?? []
  const [, thousandths] = / t=(-?\d+)$/m.exec(text) ?? []
  if (verdict === undefined || thousandths === undefined)
    throw new Error(`expected lines with crc= and t=, got "${escapeControls(text.slice(0, 80))}"`)
  if (verdict !== 'YES')
    throw new Error('the checksum of the reading is wrong: is the cable long, or the pull-up weak?')
  // Nine zeros have a right checksum, and are what a bus says that is shorted to ground.
  if (/^(00 ){9}/.test(text))
    throw new Error('the sensor says nothing but zeros: is the bus shorted to ground?')
  return inRange(Number(thousandths) / 1000, -55, 125, '°C')
}

async function read(root: string, device: string): Promise<string> {
  try {
    // The devices of all buses are listed together, as links to folders of their buses.
    const folder = await inTurn(root, () => realpath(join(root, device)))
    return await inTurn(`the 1-Wire bus ${dirname(folder)}`, () => readFile(join(folder, 'w1_slave'), 'utf8'))
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const advice = 'is it connected, and is dtoverlay=w1-gpio in /boot/firmware/config.txt?'
    throw new Error(`the 1-Wire device ${device} cannot be read (${join(root, device)}): ${advice}`, {
      cause,
    })
  }
}

const deviceName = field(
  'a 1-Wire device such as 28-a66c801e64ff, as ls /sys/bus/w1/devices shows it',
  (text) => (/^[0-9a-f]{2}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined),
)

const ds18x20InCode = optionsInCode({
  device: inCode(deviceName),
  destination: inCode(topic),
  ...measuringInCode,
})

const { Poll, ...others } = measuringFields('/sys/bus/w1/devices', '1-Wire')

const describeThermometer = ({
  destination,
  unit = 'C',
}: Pick<Ds18x20SensorOptions, 'destination' | 'unit'>) =>
  describe(deviceAt(destination, 'DS18x20'), destination, 'temperature', temperatureIn(unit), { decimals: 3 })

/** `[SensorN] Class = one_wire.ds18x20_sensor.Ds18x20Sensor` */
export const Ds18x20Sensor = sensorPlugin({
  summary: 'Temperature of a DS18S20 or DS18B20 on the 1-Wire bus.',
  options: z.object({
    Mac: deviceName.describe('the device, as ls /sys/bus/w1/devices shows it'),
    Poll,
    Destination: topic.describe('where to report the temperature'),
    ...others,
  }),
  wired: ({ Destination }) => [Destination],
  describes: ({ Destination, TempUnit }) => ({
    topics: [describeThermometer({ destination: Destination, unit: TempUnit })],
  }),
  create: ({ Mac, Poll, Destination, TempUnit, Smoothing, Path }, { log }) => {
    const options = { period: Poll, unit: TempUnit, smoothing: Smoothing, root: Path }
    return ds18x20Sensor({ device: Mac, destination: Destination, ...options }, log)
  },
})
