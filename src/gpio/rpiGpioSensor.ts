import { connect, filter, map, merge, tap } from 'rxjs'
import * as z from 'zod'
import { choice } from '../config/fields/choice.js'
import { destination as topic } from '../config/fields/destination.js'
import { seconds } from '../config/fields/seconds.js'
import { twoTexts } from '../config/fields/twoTexts.js'
import { sensorPlugin } from '../config/plugin.js'
import type { Logger } from '../logging/logger.js'
import type { Sensor } from '../model.js'
import type { GpioChip, InputOptions } from './gpioChip.js'
import { kernelGpio } from './kernelGpio.js'
import { lineOf } from './lineOf.js'
import { pinOptions } from './pinOptions.js'
import { type ButtonOptions, pressReadings } from './pressReadings.js'
import { refusePowerPins } from './refusePowerPins.js'

/** Which line to listen to, and where to report it. */
export interface RpiGpioSensorOptions extends InputOptions {
  /** Number of the line as the chip has it: BCM numbering on a Raspberry Pi. */
  readonly line: number
  /** Where to report the level. */
  readonly destination: string
  /** What to report of LOW and of HIGH. */
  readonly values: readonly [low: string, high: string]
  /** Which changes to report; the level at the start is reported in any case. */
  readonly edges: 'RISING' | 'FALLING' | 'BOTH'
  /** What counts as a press of a button on the line, and where to report it. */
  readonly button: ButtonOptions
}

/**
 * Reports the level of a GPIO line at the start and when it changes, and the presses of a button on it.
 *
 * @example
 * const chip = simulatedGpio(of({ line: 17, level: false }))
 * const door$ = gpioSensor(
 *   chip,
 *   {
 *     line: 17,
 *     pull: 'up',
 *     debounce: 5,
 *     edges: 'BOTH',
 *     destination: 'back-door',
 *     values: ['CLOSED', 'OPEN'],
 *     button: { pressedLevel: false, shortest: 0, shortDestination: 'bell' },
 *   },
 *   console,
 * )
 * door$.pipe(map(({ destination, value }) => `${destination} ${value}`))
 * // → 'back-door OPEN', 'back-door CLOSED'
 */
export function rpiGpioSensor(chip: GpioChip, options: RpiGpioSensorOptions, log: Logger): Sensor {
  const { line, destination, values, edges, button } = options
  const [low, high] = values
  return chip.input(line, options).pipe(
    tap(({ level, lost }) => {
      log.debug(`GPIO ${line} is ${level ? 'HIGH' : 'LOW'}`)
      if (lost)
        log.warn(`${lost} changes came too fast and are lost: is something loose, or Debounce too short?`)
    }),
    connect((levels$) =>
      merge(
        levels$.pipe(
          filter(({ level }, index) => index === 0 || edges === 'BOTH' || level === (edges === 'RISING')),
          map(({ level, at }) => ({ destination, value: level ? high : low, at })),
        ),
        levels$.pipe(pressReadings(button, log)),
      ),
    ),
  )
}

/** `[SensorN] Class = gpio.rpi_gpio.RpiGpioSensor` */
export const RpiGpioSensor = sensorPlugin({
  summary: 'Level of a GPIO pin of a Raspberry Pi, and the presses of a button on it.',
  options: z
    .object({
      ...pinOptions,
      Destination: topic.describe('where to report the level'),
      Values: twoTexts.prefault('CLOSED,OPEN').describe('what to say of LOW and of HIGH'),
      PUD: choice('UP', 'DOWN').prefault('DOWN').describe('the resistor to switch on: pull-UP or pull-DOWN'),
      EventDetection: choice('RISING', 'FALLING', 'BOTH', 'NONE')
        .prefault('NONE')
        .describe(
          'which changes to report at once: RISING, FALLING or BOTH; NONE is BOTH too, or as Poll says',
        ),
      Poll: seconds(0.001)
        .optional()
        .describe('seconds for which a level must stay to be reported; ignored with EventDetection'),
      Debounce: seconds(0, 60)
        .prefault('0.005')
        .describe('seconds for which a level must stay to count, against contacts that bounce'),
      'Short_Press-Dest': topic.optional().describe('where to report the time of a short press'),
      'Short_Press-Threshold': seconds(0)
        .prefault('0')
        .describe('seconds that a button must be held for more than, to count'),
      'Long_Press-Dest': topic.optional().describe('where to report the time of a long press'),
      'Long_Press-Threshold': seconds(0.001)
        .optional()
        .describe('seconds from which on a press is a long one'),
      Btn_Pressed_State: choice('LOW', 'HIGH')
        .optional()
        .describe('the level while the button is pressed; LOW when not given and PUD is UP, else HIGH'),
    })
    .superRefine(refusePowerPins)
    .refine(
      ({ 'Long_Press-Dest': long, 'Long_Press-Threshold': threshold }) =>
        long === undefined || threshold !== undefined,
      {
        path: ['Long_Press-Threshold'],
        message: 'missing, Long_Press-Dest needs it: seconds from which on a press is a long one',
      },
    ),
  create: (options, { log, gpio = kernelGpio() }) => {
    const { Pin, PinNumbering, PUD, Poll, EventDetection, Debounce, Btn_Pressed_State } = options
    const [shortDestination, longDestination] = [options['Short_Press-Dest'], options['Long_Press-Dest']]
    const long = longDestination === undefined ? undefined : options['Long_Press-Threshold']
    return rpiGpioSensor(
      gpio,
      {
        line: lineOf(Pin, PinNumbering) ?? Pin,
        pull: PUD === 'UP' ? 'up' : 'down',
        debounce: EventDetection === 'NONE' ? (Poll ?? Debounce) : Debounce,
        destination: options.Destination,
        values: options.Values,
        edges: EventDetection === 'NONE' ? 'BOTH' : EventDetection,
        button: {
          pressedLevel: (Btn_Pressed_State ?? (PUD === 'UP' ? 'LOW' : 'HIGH')) === 'HIGH',
          shortest: options['Short_Press-Threshold'],
          ...(long !== undefined && { long }),
          ...(shortDestination !== undefined && { shortDestination }),
          ...(longDestination !== undefined && { longDestination }),
        },
      },
      log,
    )
  },
})
