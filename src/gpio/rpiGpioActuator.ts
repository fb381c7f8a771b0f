import * as z from 'zod'
import { boolean } from '../config/fields/boolean.js'
import { destination as topic } from '../config/fields/destination.js'
import { seconds } from '../config/fields/seconds.js'
import { actuatorPlugin } from '../config/plugin.js'
import { gpioButton } from './gpioButton.js'
import { gpioSwitch } from './gpioSwitch.js'
import { kernelGpio } from './kernelGpio.js'
import { lineOf } from './lineOf.js'
import { pinOptions } from './pinOptions.js'
import { refusePowerPins } from './refusePowerPins.js'

/** How long a simulated button is pressed, ms. */
const pressLength = 500

const schema = z
  .object({
    ...pinOptions,
    CommandSrc: topic.describe('where ON, OFF and TOGGLE come from, and where the state is reported'),
    ToggleCommandSrc: topic
      .optional()
      .describe(
        'where else they come from, such as the Short_Press-Dest of a sensor; not with SimulateButton',
      ),
    ToggleDebounce: seconds(0).prefault('0.15').describe('seconds for which toggling once more is ignored'),
    InitialState: boolean
      .prefault('OFF')
      .describe('ON sets the pin to HIGH at the start, OFF to LOW, whatever InvertOut says'),
    SimulateButton: boolean
      .optional()
      .describe('every command, whatever it says, inverts the pin for half a second'),
    Toggle: boolean.prefault('NO').describe('an older name of SimulateButton'),
    InvertOut: boolean.prefault('NO').describe('ON sets the pin to LOW, OFF to HIGH'),
  })
  .superRefine(refusePowerPins)

type Options = z.output<typeof schema>

const isButton = ({ SimulateButton, Toggle }: Options) => SimulateButton ?? Toggle

/** `[ActuatorN] Class = gpio.rpi_gpio.RpiGpioActuator` */
export const RpiGpioActuator = actuatorPlugin({
  summary: 'Switches a GPIO pin of a Raspberry Pi, or presses it like a button.',
  options: schema,
  sources: (options) =>
    options.ToggleCommandSrc === undefined || isButton(options)
      ? [options.CommandSrc]
      : [options.CommandSrc, options.ToggleCommandSrc],
  create: (options, { log, gpio = kernelGpio() }) => {
    const common = {
      line: lineOf(options.Pin, options.PinNumbering) ?? options.Pin,
      commandSource: options.CommandSrc,
      initial: options.InitialState,
    }
    if (isButton(options)) return gpioButton(gpio, { ...common, duration: pressLength })
    const switchOptions = {
      ...common,
      ...(options.ToggleCommandSrc !== undefined && { toggleSource: options.ToggleCommandSrc }),
      invert: options.InvertOut,
      toggleDebounce: options.ToggleDebounce,
    }
    return gpioSwitch(gpio, switchOptions, log)
  },
})
