import * as z from 'zod'
import { integer, seconds } from '../fields/fields.js'
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

/** A channel of the PCA9685 of a board, which the kernel shows as a PWM chip. */
function pwmOf(stack: number, channel: number): PwmOutput {
  const address = (0x40 + stack).toString(16)
  const device = new RegExp(`^\\d+-00${address}$`)
  return {
    name: `channel ${channel} of Stack ${stack}`,
    channelOf: (chip) => (device.test(chip.device) ? channel : undefined),
    advice: `add dtoverlay=i2c-pwm-pca9685a,addr=0x${address} to /boot/firmware/config.txt and reboot`,
  }
}

const schema = z
  .object({
    ...perColor('Channels', (color) =>
      integer(0, 15).optional().describe(`the channel of ${color}, as its number is printed on the board`),
    ),
    Stack: integer(0, 61).prefault('0').describe('the board, as its jumpers say; 0 without any'),
    ...lightFields(30, 1600, 240),
    SmoothChangeInterval: seconds(0)
      .prefault('0.05')
      .describe('seconds from one step of 5 % to the next while it changes; 0 for at once'),
    DimDelay: seconds(0).prefault('0.5').describe('seconds until DIM begins to do something'),
    DimInterval: seconds(0.01)
      .prefault('0.2')
      .describe('seconds from one step of 5 % to the next until STOP comes'),
  })
  .superRefine((options, context) => refuseSharing('Channels', 'channel', channelsOf(options), context))

type Channels = { readonly [Key in `Channels.${Color}`]?: number | undefined }

const channelsOf = (options: Channels) => byColor((color) => options[`Channels.${color}`])

const optionsOf = (options: z.output<typeof schema>) => ({
  ...lightOptions(options, channelsOf(options), (channel) => pwmOf(options.Stack, channel)),
  smooth: options.SmoothChangeInterval,
  dim: { delay: options.DimDelay, interval: options.DimInterval },
})

/** `[ActuatorN] Class = i2c.pwm.PwmHatColorLED` */
export const PwmHatColorLed = actuatorPlugin({
  summary: 'Lights an LED of one to four colours on the PWM board of Adafruit (PCA9685) on the I²C bus.',
  options: schema,
  ...lightParts(optionsOf),
})
