// @ts-check
import { readFile } from 'node:fs/promises'
import { fields, poll, sensorPlugin } from 'sensor-reporter'

/**
 * What a file of the kernel says in thousandths of a degree, in °C, at once and then every `period` ms.
 *
 * @param {{ path: string, destination: string, period: number }} options
 * @returns {import('sensor-reporter').Sensor}
 */
export const attic = ({ path, destination, period }) =>
  poll(period, async () => ({ destination, value: Number(await readFile(path, 'utf8')) / 1000, decimals: 1 }))

/** `[SensorN] Class = ./attic.js#Attic` */
export const Attic = sensorPlugin({
  summary: 'The temperature that a file of the kernel says.',
  options: fields.object({
    Path: fields.path.describe('the file, such as /sys/class/thermal/thermal_zone0/temp'),
    Destination: fields.destination.describe('where the temperature is published, in °C'),
    Poll: fields.seconds(1).prefault('10').describe('seconds between two readings'),
  }),
  create: ({ Path, Destination, Poll }) => attic({ path: Path, destination: Destination, period: Poll }),
})
