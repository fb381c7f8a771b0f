import { connect, EMPTY, filter, map, merge, mergeMap, type OperatorFunction, pipe, skip, tap } from 'rxjs'
import * as z from 'zod'
import { describe, deviceAt, type Quantity } from '../description.js'
import { checked, inCode, listInCode, optionsInCode, wordInCode } from '../fields/codeOptions.js'
import { boolean, choice, milliseconds, seconds, text, twoTexts } from '../fields/fields.js'
import { destination as topic, sensorClass } from '../fields/topicFields.js'
import type { Logger, Reading, Sensor } from '../model.js'
import { presses } from '../operators/presses.js'
import type { GpioChip, InputOptions, LineLevel } from '../plugin/gpioChip.js'
import { sensorPlugin } from '../plugin/plugin.js'
import { lineInCode, lineOf, pinOptions, refusePowerPins } from './headerLines.js'
import { kernelGpio } from './kernelGpio.js'

/** Which line to listen to, and where to report it. */
export interface GpioSensorOptions extends Partial<InputOptions> {
  /** Number of the line as the chip has it: BCM numbering on a Raspberry Pi. */
  readonly line: number
  /** Where to report the level. @default nowhere, only presses */
  readonly destination?: string
  /** What to report of LOW and of HIGH. @default ['CLOSED', 'OPEN'] */
  readonly values?: readonly [low: string, high: string]
  /** What Home Assistant calls what is on the line, HIGH being yes: `door`. */
  readonly deviceClass?: string
  /** Which changes to report; the level at the start is reported in any case. @default 'BOTH' */
  readonly edges?: 'RISING' | 'FALLING' | 'BOTH'
  /** What counts as a press of a button on the line, and where to report it. @default none */
  readonly button?: ButtonOptions
}

/** A button on an input line, and where to report that it was pressed. */
export interface ButtonOptions {
  /** The level of the line while the button is pressed, `true` for HIGH. @default LOW with the pull `up`, else HIGH */
  readonly pressedLevel?: boolean
  /** A press must last longer than this, ms. @default 0 */
  readonly shortest?: number
  /** A press that lasts longer than this is a long one, ms; without it all are short ones. */
  readonly long?: number
  /** Where the time of a short press is reported. */
  readonly shortDestination?: string
  /** Where the time of a long press is reported. */
  readonly longDestination?: string
}

/**
 * Reports the level of a GPIO line at the start and when it changes, and the presses of a button on it.
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const chip = simulatedGpio(of({ line: 17, level: false }))
 * const door$ = gpioSensor(chip, { line: 17, pull: 'up', destination: 'back-door' })
 * door$.pipe(map(({ destination, value }) => `${destination} ${value}`))
 * // → 'back-door OPEN', 'back-door CLOSED'
 */
export function gpioSensor(chip: GpioChip, options: GpioSensorOptions, log: Logger = console): Sensor {
  const {
    line,
    destination,
    deviceClass,
    pull = 'down',
    debounce = 5,
    values: [low, high] = ['CLOSED', 'OPEN'],
    edges = 'BOTH',
    button = {},
  } = checked('gpioSensor', sensorInCode, options)
  const abouts = describeInput({ destination, values: [low, high], deviceClass, button })
  const about = abouts.level
  return chip.input(line, { pull, debounce }).pipe(
    tap(({ level, lost }) => {
      log.debug(`GPIO ${line} is ${level ? 'HIGH' : 'LOW'}`)
      if (lost)
        log.warn(
          `${lost} changes came too fast and are lost: is something loose, or the time of debouncing too short?`,
        )
    }),
    connect((levels$) =>
      merge(
        about === undefined
          ? EMPTY
          : levels$.pipe(
              filter(({ level }, index) => index === 0 || edges === 'BOTH' || level === (edges === 'RISING')),
              map(({ level, at }) => ({ destination: about.topic, value: level ? high : low, at, about })),
            ),
        abouts.short || abouts.long
          ? levels$.pipe(
              pressReadings(abouts, { pressedLevel: pull === 'down', shortest: 0, ...button }, log),
            )
          : EMPTY,
      ),
    ),
  )
}

const sensorInCode = optionsInCode({
  line: lineInCode,
  destination: inCode(topic).optional(),
  pull: wordInCode('up', 'down').optional(),
  debounce: inCode(milliseconds(0, 60_000)).optional(),
  values: listInCode(inCode(text), 2).optional(),
  deviceClass: inCode(sensorClass).optional(),
  edges: wordInCode('RISING', 'FALLING', 'BOTH').optional(),
  button: optionsInCode({
    pressedLevel: inCode(boolean).optional(),
    shortest: inCode(milliseconds(0)).optional(),
    long: inCode(milliseconds(1)).optional(),
    shortDestination: inCode(topic).optional(),
    longDestination: inCode(topic).optional(),
  }).optional(),
})
  .refine(
    ({ destination, button }: Partial<GpioSensorOptions>) =>
      (destination ?? button?.shortDestination ?? button?.longDestination) !== undefined,
    {
      path: ['destination'],
      error: 'missing, it is required where button has neither a shortDestination nor a longDestination',
    },
  )
  .refine(
    ({ button }: Partial<GpioSensorOptions>) =>
      button?.longDestination === undefined || button.long !== undefined,
    {
      path: ['button', 'long'],
      error: 'missing, longDestination needs it: milliseconds from which on a press is a long one',
    },
  )

/** What is said of a line, and of the button on it. */
function describeInput({
  destination,
  values: [low, high],
  deviceClass,
  button: { shortDestination, longDestination },
}: {
  readonly destination: string | undefined
  readonly values: readonly [low: string, high: string]
  readonly deviceClass: string | undefined
  readonly button: Pick<ButtonOptions, 'shortDestination' | 'longDestination'>
}) {
  const device = deviceAt(destination ?? shortDestination ?? longDestination ?? '')
  const describeAt = (topic: string | undefined, name: string, quantity: Quantity) =>
    topic === undefined ? undefined : describe(device, topic, name, quantity)
  const words = [high, low] as const
  return {
    level: describeAt(destination, 'level', { words, ...(deviceClass !== undefined && { deviceClass }) }),
    short: describeAt(shortDestination, 'short_press', { deviceClass: 'button', events: ['short'] }),
    long: describeAt(longDestination, 'long_press', { deviceClass: 'button', events: ['long'] }),
  }
}

/** Turns the levels of a line into the presses of the button on it; the value is the time, for it never repeats itself. */
function pressReadings(
  abouts: ReturnType<typeof describeInput>,
  options: ButtonOptions & Required<Pick<ButtonOptions, 'shortest'>>,
  log: Logger,
): OperatorFunction<LineLevel, Reading> {
  const { pressedLevel, shortest, long } = options
  return pipe(
    // The first level is no change.
    skip(1),
    map(({ level, at }) => ({ pressed: level === pressedLevel, at })),
    map((change, index) => {
      if (index === 0 && !change.pressed)
        log.warn(
          'the button was let go before it was pressed: is the level while it is pressed the other one (Btn_Pressed_State, pressedLevel)?',
        )
      return change
    }),
    presses(shortest, long),
    mergeMap(({ kind, length, at }): Reading[] => {
      log.info(`${kind} press, ${length / 1000} s`)
      const about = abouts[kind]
      return about ? [{ destination: about.topic, value: localTime(at), event: true, at, about }] : []
    }),
  )
}

/**
 * The local time of day, as the Python program writes it, microseconds and no zone, for whoever tells a press by its form:
 * `2021-10-24T16:23:41.500000`. `at` is milliseconds since the epoch.
 */
export function localTime(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000
  return `${new Date(at - offset).toISOString().slice(0, -1)}000`
}

/** `[SensorN] Class = gpio.rpi_gpio.RpiGpioSensor` */
export const RpiGpioSensor = sensorPlugin({
  summary: 'Level of a GPIO pin of a Raspberry Pi, and the presses of a button on it.',
  options: z
    .object({
      ...pinOptions,
      Destination: topic.optional().describe('where to report the level; needed where no presses are'),
      Values: twoTexts.prefault('CLOSED,OPEN').describe('what to say of LOW and of HIGH'),
      DeviceClass: sensorClass
        .optional()
        .describe('for Home Assistant: what is on the pin, HIGH being yes, such as door'),
      PUD: choice('UP', 'DOWN').prefault('DOWN').describe('the resistor to switch on: pull-UP or pull-DOWN'),
      EventDetection: choice('RISING', 'FALLING', 'BOTH', 'NONE')
        .prefault('NONE')
        .describe(
          'which changes to report at once: RISING, FALLING or BOTH; NONE is BOTH too, or as Poll says',
        ),
      Poll: seconds(-1)
        .optional()
        .describe(
          'seconds for which a level must stay to be reported; ignored with EventDetection, or if not above 0',
        ),
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
      (options) =>
        (options.Destination ?? options['Short_Press-Dest'] ?? options['Long_Press-Dest']) !== undefined,
      {
        path: ['Destination'],
        message:
          'missing, it is required where there is neither a Short_Press-Dest nor a Long_Press-Dest: where to report the level',
      },
    )
    .refine(
      ({ 'Long_Press-Dest': long, 'Long_Press-Threshold': threshold }) =>
        long === undefined || threshold !== undefined,
      {
        path: ['Long_Press-Threshold'],
        message: 'missing, Long_Press-Dest needs it: seconds from which on a press is a long one',
      },
    ),
  describes: (options) => ({
    topics: Object.values(
      describeInput({
        destination: options.Destination,
        deviceClass: options.DeviceClass,
        values: options.Values,
        button: pressDestinations(options),
      }),
    ).filter((about) => about !== undefined),
  }),
  wired: ({ Destination }) => (Destination === undefined ? [] : [Destination]),
  create: (options, { log, gpio = kernelGpio() }) => {
    const { PUD, Poll = 0, EventDetection, Debounce, Btn_Pressed_State } = options
    const long = options['Long_Press-Dest'] === undefined ? undefined : options['Long_Press-Threshold']
    return gpioSensor(
      gpio,
      {
        line: lineOf(options),
        pull: PUD === 'UP' ? 'up' : 'down',
        debounce: EventDetection === 'NONE' ? (Poll > 0 ? Poll : Debounce) : Debounce,
        ...(options.Destination !== undefined && { destination: options.Destination }),
        ...(options.DeviceClass !== undefined && { deviceClass: options.DeviceClass }),
        values: options.Values,
        edges: EventDetection === 'NONE' ? 'BOTH' : EventDetection,
        button: {
          ...(Btn_Pressed_State !== undefined && { pressedLevel: Btn_Pressed_State === 'HIGH' }),
          shortest: options['Short_Press-Threshold'],
          ...(long !== undefined && { long }),
          ...pressDestinations(options),
        },
      },
      log,
    )
  },
})

const pressDestinations = (options: {
  readonly 'Short_Press-Dest'?: string | undefined
  readonly 'Long_Press-Dest'?: string | undefined
}) => {
  const [shortDestination, longDestination] = [options['Short_Press-Dest'], options['Long_Press-Dest']]
  return {
    ...(shortDestination !== undefined && { shortDestination }),
    ...(longDestination !== undefined && { longDestination }),
  }
}
