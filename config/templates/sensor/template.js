// @ts-check
import { freemem } from 'node:os'
import { fields, poll, sensorPlugin } from 'sensor-reporter'

/** What is measured: put yours here. It may return a promise, too: `async () => ({ destination, value: await … })` below. */
const freeMemory = () => Math.round(freemem() / 1_048_576)

/**
 * Measures at once and then every `period` ms.
 *
 * @param {{ destination: string, period: number }} options
 * @param {() => number} measure the tests put something else in its place
 * @returns {import('sensor-reporter').Sensor}
 */
export const templateSensor = ({ destination, period }, measure = freeMemory) =>
  poll(period, () => [{ destination, value: measure() }])

/** `[SensorN] Class = ./template.js#Template`: what the ini file may say, and what is made of it. */
export const Template = sensorPlugin({
  summary: 'The memory that is free, in MiB.',
  options: fields.object({
    Destination: fields.destination.describe('where it is published'),
    Poll: fields.seconds(1).prefault('10').describe('seconds between two measurements'),
  }),
  create: ({ Destination, Poll }) => templateSensor({ destination: Destination, period: Poll }),
})
