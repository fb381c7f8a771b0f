import * as z from 'zod'
import { describe, deviceAt, type Quantity } from '../description.js'
import { checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { choice, milliseconds, seconds } from '../fields/fields.js'
import { destination } from '../fields/topicFields.js'
import type { Sensor } from '../model.js'
import { poll } from '../operators/poll.js'
import { sensorPlugin } from '../plugin/plugin.js'

/** When a heartbeat beats, and where. */
export interface HeartbeatOptions {
  /** Time between two beats, ms. */
  readonly period: number
  /** Where the uptime is published in ms. */
  readonly numberDestination: string
  /** Where it is published as text. */
  readonly textDestination: string
  /** How: `dd:hh:mm:ss`, or as Python has it, `1 day, 2:03:04`. @default 'CLOCK' */
  readonly form?: 'CLOCK' | 'DAYS'
}

/**
 * Reports how long the program has been running, at once and then every `period` ms.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * heartbeat({ period: 60_000, numberDestination: 'uptime/ms', textDestination: 'uptime/text' }, () => 3_601_000)
 * // → { destination: 'uptime/ms', value: 3_601_000 }, { destination: 'uptime/text', value: '00:01:00:01' }, …
 */
export function heartbeat(options: HeartbeatOptions, uptime: () => number = programUptime): Sensor {
  const {
    period,
    numberDestination,
    textDestination,
    form = 'CLOCK',
  } = checked('heartbeat', heartbeatInCode, options)
  const [numbers, texts] = describeUptime(numberDestination, textDestination)
  return poll(period, () => {
    const now = uptime()
    return [
      { destination: numberDestination, value: now, about: numbers },
      {
        destination: textDestination,
        value: form === 'DAYS' ? daysText(now) : uptimeText(now),
        about: texts,
      },
    ]
  })
}

const heartbeatInCode = optionsInCode({
  period: inCode(milliseconds(1)),
  numberDestination: inCode(destination),
  textDestination: inCode(destination),
  form: inCode(choice('CLOCK', 'DAYS')).optional(),
})

const describeUptime = (numberDestination: string, textDestination: string) => {
  const device = deviceAt(numberDestination)
  return [
    describe(device, numberDestination, 'uptime', uptimeQuantity, { decimals: 0 }),
    describe(device, textDestination, 'uptime_text', { text: true, diagnostic: true }),
  ] as const
}

const uptimeQuantity: Quantity = { unit: 'ms', deviceClass: 'duration', diagnostic: true }

/** `[SensorN] Class = heartbeat.heartbeat.Heartbeat` */
export const Heartbeat = sensorPlugin({
  summary: 'How long the program has been running.',
  options: z.object({
    Poll: seconds(1).describe('seconds between two reports, usually 60'),
    'Num-Dest': destination.describe('where the uptime is published in milliseconds'),
    'Str-Dest': destination.describe('where the uptime is published as text'),
    'Str-Format': choice('CLOCK', 'DAYS')
      .prefault('CLOCK')
      .describe('CLOCK for dd:hh:mm:ss, DAYS for 1 day, 2:03:04, which a YAML file means'),
  }),
  describes: (options) => ({ topics: describeUptime(options['Num-Dest'], options['Str-Dest']) }),
  create: ({ Poll, 'Num-Dest': numberDestination, 'Str-Dest': textDestination, 'Str-Format': form }) =>
    heartbeat({ period: Poll, numberDestination, textDestination, form }),
})

/** Not from the time of day: a Raspberry Pi starts in the past and sets its clock when it has found the network. */
const programUptime = (): number => Math.round(process.uptime() * 1000)

/** A time (ms) as days, hours, minutes and seconds: `uptimeText(93_784_000)` is `01:02:03:04`. */
export const uptimeText = (uptime: number): string =>
  [uptime / 86_400_000, (uptime / 3_600_000) % 24, (uptime / 60_000) % 60, (uptime / 1000) % 60]
    .map(twoDigits)
    .join(':')

const twoDigits = (count: number): string => String(Math.floor(count)).padStart(2, '0')

/** The same as Python writes it: `daysText(93_784_000)` is `1 day, 2:03:04`. */
function daysText(uptime: number): string {
  const days = Math.floor(uptime / 86_400_000)
  const [minutes = '', seconds = ''] = [(uptime / 60_000) % 60, (uptime / 1000) % 60].map(twoDigits)
  const clock = `${Math.floor((uptime / 3_600_000) % 24)}:${minutes}:${seconds}`
  return days === 0 ? clock : `${days} ${days === 1 ? 'day' : 'days'}, ${clock}`
}
