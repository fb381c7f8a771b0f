import * as z from 'zod'
import { actuatorPlugin } from '../plugin/plugin.js'
import {
  byColor,
  type Color,
  lightFields,
  lightOptions,
  lightParts,
  perColor,
  refuseSharing,
} from '../sysfs/colorLight.js'
import type { PwmOutput } from '../sysfs/pwm.js'
import { lineOf, pinOptions, refusePowerPins } from './headerLines.js'

/** The channels of the PWM chips in a Raspberry Pi, by the pins that they may be led to; before the Pi 5 two pins share each. */
const hardware: readonly { readonly device: RegExp; readonly channels: Readonly<Record<number, number>> }[] =
  [
    { device: /^(20|3f|fe)20c000\.pwm$/, channels: { 12: 0, 13: 1, 18: 0, 19: 1 } },
    { device: /^1f00098000\.pwm$/, channels: { 12: 0, 13: 1, 18: 2, 19: 3 } },
  ]

const pwmOf = (line: number): PwmOutput => ({
  name: `GPIO ${line}`,
  channelOf: (chip) =>
    chip.line === undefined
      ? hardware.find(({ device }) => device.test(chip.device))?.channels[line]
      : chip.line === line
        ? 0
        : undefined,
  advice: `add dtoverlay=pwm-gpio,gpio=${line} to /boot/firmware/config.txt${overlays[line] ?? ''} and reboot`,
})

const overlays: Readonly<Record<number, string>> = {
  12: ', or dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4,',
  13: ', or dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4,',
  18: ', or dtoverlay=pwm-2chan,',
  19: ', or dtoverlay=pwm-2chan,',
}

const schema = z
  .object({
    ...perColor('Pin', (color) =>
      pinOptions.Pin.optional().describe(`the pin of ${color}, numbered as PinNumbering says; 0 for none`),
    ),
    PinNumbering: pinOptions.PinNumbering,
    GpioChip: pinOptions.GpioChip,
    ...lightFields(1, 10_000, 100),
  })
  .superRefine((options, context) => {
    const { PinNumbering } = options
    const pins = pinsOf(options)
    refuseSharing('Pin', 'pin', pins, context)
    for (const [color, Pin] of Object.entries(pins))
      refusePowerPins({ Pin, PinNumbering }, context, `Pin.${color}`)
  })

type Pins = { readonly [Key in `Pin.${Color}`]?: number | undefined }

const pinsOf = (options: Pins) => byColor((color) => options[`Pin.${color}`] || undefined)

const optionsOf = (options: z.output<typeof schema>) => {
  const { PinNumbering } = options
  return lightOptions(options, pinsOf(options), (Pin) => pwmOf(lineOf({ Pin, PinNumbering })))
}

/** `[ActuatorN] Class = gpio.gpio_led.GpioColorLED` */
export const GpioColorLed = actuatorPlugin({
  summary: 'Lights an LED of one to four colours on pins of a Raspberry Pi, by the PWM of the kernel.',
  options: schema,
  ...lightParts(optionsOf),
})
