import { filter, ignoreElements, map, startWith } from 'rxjs'
import * as z from 'zod'
import { describeButton, describeSwitch, deviceAt } from '../description.js'
import { checked, inCode, optionsInCode } from '../fields/codeOptions.js'
import { boolean, field, milliseconds, seconds } from '../fields/fields.js'
import { destination as topic } from '../fields/topicFields.js'
import type { Actuator, Command, Logger } from '../model.js'
import { pulse } from '../operators/pulse.js'
import { isToggle, switchCommand, switched, understood } from '../operators/switched.js'
import type { GpioChip } from '../plugin/gpioChip.js'
import { actuatorPlugin } from '../plugin/plugin.js'
import { lineInCode, lineOf, pinOptions, refusePowerPins } from './headerLines.js'
import { kernelGpio } from './kernelGpio.js'

/** Which line to switch, and how. */
export interface GpioSwitchOptions {
  /** Number of the line as the chip has it: BCM numbering on a Raspberry Pi. */
  readonly line: number
  /** Where commands come from. */
  readonly commandSource: string
  /** Where the state is reported. @default where commands come from */
  readonly stateDestination?: string
  /** Where else commands come from. */
  readonly toggleSource?: string
  /** The level at the start, `true` for HIGH, whatever `invert` says. @default LOW */
  readonly initial?: boolean
  /** ON is LOW. @default false */
  readonly invert?: boolean
  /** Time (ms) for which toggling once more is ignored. @default 150 */
  readonly toggleDebounce?: number
}

/**
 * Switches a GPIO line ON, OFF or over (TOGGLE, or the time of a press), and reports its state where commands come from, or at
 * `stateDestination`: at the start and whenever it changes. A command for the state it has already changes nothing.
 *
 * ![marble diagram](../../marbles/switched.svg)
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const light = gpioSwitch(simulatedGpio(), { line: 19, commandSource: 'light' })
 * of({ source: 'light', payload: 'ON' }).pipe(light)
 * // → { destination: 'light', value: 'OFF' }, { destination: 'light', value: 'ON' }
 */
export function gpioSwitch(chip: GpioChip, options: GpioSwitchOptions, log: Logger = console): Actuator {
  const {
    line,
    commandSource,
    toggleSource,
    initial = false,
    invert = false,
    toggleDebounce = 150,
  } = checked('gpioSwitch', switchInCode, options)
  const about = describeLine(options)
  return (commands$) =>
    commands$.pipe(
      filter(({ source }) => source === commandSource || source === toggleSource),
      understood(switchCommand, 'ON, OFF, TOGGLE or a time', log),
      switched(initial !== invert, toggleDebounce),
      map((on) => on !== invert),
      chip.output(line),
      map((level) => ({ destination: about.topic, value: level !== invert ? 'ON' : 'OFF', about })),
    )
}

const outputInCode = {
  line: lineInCode,
  commandSource: inCode(topic),
  initial: inCode(boolean).optional(),
}

const switchInCode = optionsInCode({
  ...outputInCode,
  stateDestination: inCode(topic).optional(),
  toggleSource: inCode(topic).optional(),
  invert: inCode(boolean).optional(),
  toggleDebounce: inCode(milliseconds(0)).optional(),
})

const describeLine = ({
  commandSource,
  stateDestination = commandSource,
}: Pick<GpioSwitchOptions, 'commandSource' | 'stateDestination'>) =>
  describeSwitch(deviceAt(commandSource), commandSource, stateDestination)

/** Which line to press like a button. */
export interface GpioButtonOptions {
  /** Number of the line as the chip has it: BCM numbering on a Raspberry Pi. */
  readonly line: number
  /** Where commands come from. */
  readonly commandSource: string
  /** The level at rest, `true` for HIGH. @default LOW */
  readonly initial?: boolean
  /** How long a press takes, ms. @default 500 */
  readonly duration?: number
}

/**
 * Presses a button that a GPIO line stands for, whatever the command says. It has no state to report: on a topic where
 * anything presses it, that would only be one more press.
 *
 * ![marble diagram](../../marbles/pulse.svg)
 *
 * @throws TypeError that says what is wrong with the options, as for those of a file.
 * @example
 * const levels: boolean[] = []
 * const chip = simulatedGpio(NEVER, ({ level }) => levels.push(level))
 * const garage = gpioButton(chip, { line: 19, commandSource: 'garage', initial: true })
 * of({ source: 'garage', payload: 'OPEN' }).pipe(garage, endWith(levels))
 * // → [true, false, true]
 */
export function gpioButton(chip: GpioChip, options: GpioButtonOptions): Actuator {
  const {
    line,
    commandSource,
    initial = false,
    duration = 500,
  } = checked('gpioButton', buttonInCode, options)
  return (commands$) =>
    commands$.pipe(
      filter(({ source }) => source === commandSource),
      pulse(duration),
      map((pressed) => pressed !== initial),
      startWith(initial),
      chip.output(line),
      ignoreElements(),
    )
}

const buttonInCode = optionsInCode({ ...outputInCode, duration: inCode(milliseconds(1)).optional() })

/** The level by name, or as booleans say it. */
const initialState = field('ON or OFF (or HIGH, LOW, YES, NO, true, false, 1, 0)', (text) =>
  /^high$/i.test(text) ? true : /^low$/i.test(text) ? false : boolean.safeParse(text).data,
)

/** The parameters of what is switched or pressed by a line. */
export const switchFields = {
  CommandSrc: topic.describe('where ON, OFF and TOGGLE come from, and where the state is reported'),
  StateDest: topic
    .optional()
    .describe('where the state is reported, if not at CommandSrc; not with SimulateButton'),
  ToggleCommandSrc: topic
    .optional()
    .describe('where else they come from, such as the Short_Press-Dest of a sensor; not with SimulateButton'),
  ToggleDebounce: seconds(0).prefault('0.15').describe('seconds for which toggling once more is ignored'),
  InitialState: initialState
    .prefault('OFF')
    .describe('ON sets the pin to HIGH at the start, OFF to LOW, whatever InvertOut says'),
  SimulateButton: boolean
    .optional()
    .describe('every command, whatever it says, inverts the pin for half a second'),
  Toggle: boolean.prefault('NO').describe('an older name of SimulateButton'),
  InvertOut: boolean.prefault('NO').describe('ON sets the pin to LOW, OFF to HIGH'),
}

type SwitchParameters = z.output<z.ZodObject<typeof switchFields>>

/** What a plug-in says of what these parameters mean. */
export const switchParts = {
  sources: (options: SwitchParameters) =>
    options.ToggleCommandSrc === undefined || isButton(options)
      ? [options.CommandSrc]
      : [options.CommandSrc, options.ToggleCommandSrc],
  acts: (options: SwitchParameters, { payload }: Command) => isButton(options) || isToggle(payload),
  describes: (options: SwitchParameters) => {
    const { CommandSrc, StateDest } = options
    const device = deviceAt(CommandSrc)
    return {
      topics: [
        isButton(options)
          ? describeButton(device, CommandSrc, 'ON')
          : describeSwitch(device, CommandSrc, StateDest ?? CommandSrc),
      ],
    }
  },
}

/** What these parameters mean, on a line of a chip. */
export function switchOn(gpio: GpioChip, line: number, options: SwitchParameters, log: Logger): Actuator {
  const common = { line, commandSource: options.CommandSrc, initial: options.InitialState }
  if (isButton(options)) return gpioButton(gpio, common)
  const switchOptions = {
    ...common,
    ...(options.ToggleCommandSrc !== undefined && { toggleSource: options.ToggleCommandSrc }),
    ...(options.StateDest !== undefined && { stateDestination: options.StateDest }),
    invert: options.InvertOut,
    toggleDebounce: options.ToggleDebounce,
  }
  return gpioSwitch(gpio, switchOptions, log)
}

const isButton = ({ SimulateButton, Toggle }: SwitchParameters) => SimulateButton ?? Toggle

/** `[ActuatorN] Class = gpio.rpi_gpio.RpiGpioActuator` */
export const RpiGpioActuator = actuatorPlugin({
  summary: 'Switches a GPIO pin of a Raspberry Pi, or presses it like a button.',
  options: z.object({ ...pinOptions, ...switchFields }).superRefine(refusePowerPins),
  ...switchParts,
  create: (options, { log, gpio = kernelGpio() }) => switchOn(gpio, lineOf(options), options, log),
})
