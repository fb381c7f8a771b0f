import { join } from 'node:path'
import * as z from 'zod'
import { integer } from '../fields/fields.js'
import { openLine } from '../gpio/kernel/line.js'
import { chipOfLines } from '../gpio/kernelGpio.js'
import { switchFields, switchOn, switchParts } from '../gpio/rpiGpioActuator.js'
import { filesIn } from '../kernelFiles.js'
import type { GpioChip } from '../plugin/gpioChip.js'
import { actuatorPlugin } from '../plugin/plugin.js'

/**
 * The lines of the board's expander that its relays 1 to 8 are on: version 4 and later, as Sequent Microsystems' lib8relind has it, and
 * the Python program, which puts lib8relay's numbers right for version 5.3.
 */
const lines = [0, 2, 6, 4, 5, 7, 3, 1] as const

/** The addresses that a board in a stack may have, on the I²C bus: of all that are made now, and of those before. */
const addressesOf = (stack: number): readonly [number, number] => [0x27 - stack, 0x3f - stack]

/** The chip that the kernel has made of a board, by its name: `gpiochip2`. */
export function boardChip(stack: number, folder = '/sys/bus/i2c/devices'): string {
  const [now, before] = addressesOf(stack).map((address) => address.toString(16)) as [string, string]
  const isBoard = new RegExp(`^\\d+-00(${now}|${before})$`)
  const boards = filesIn(folder).filter((device) => isBoard.test(device))
  const chip = boards
    .flatMap((device) => filesIn(join(folder, device)))
    .find((name) => /^gpiochip\d+$/.test(name))
  if (chip !== undefined) return chip
  throw new Error(
    `expected the relays of Stack ${stack} at 0x${now} or 0x${before} of the I2C bus, got none from the kernel: ` +
      `see with i2cdetect -y 1 which of them it is, add dtoverlay=pca953x,addr=0x${now} (or 0x${before}) to /boot/firmware/config.txt and reboot`,
  )
}

/** The relays of a board, called by their numbers. They stay as they are when the program ends. */
export const relayBoard = (stack: number, open = openLine, folder?: string): GpioChip =>
  chipOfLines((relay, role) => {
    const what = `relay ${relay} of Stack ${stack}`
    const chip = { name: boardChip(stack, folder), what, parameter: 'Relay' }
    const line = open(lines[relay - 1] ?? 0, role, undefined, undefined, chip)
    const set = (level: boolean) => {
      try {
        line.set(level)
      } catch (cause) {
        const { code = String(cause) } = cause as NodeJS.ErrnoException
        throw new Error(`${what} does not answer (${code}): is the board there, and has it power?`, { cause })
      }
    }
    return { ...line, set }
  })

/** Beside the pins of the header, where somebody plays the hardware. */
const simulatedLine = (relay: number, stack: number) => 100 * (stack + 1) + relay

/** `[ActuatorN] Class = i2c.relay.EightRelayHAT` */
export const EightRelayHat = actuatorPlugin({
  summary:
    'Switches a relay of the 8-relay board of Sequent Microsystems (version 4 and later), or presses it like a button.',
  options: z.object({
    Relay: integer(1, 8).describe('the relay, as its number is printed on the board'),
    Stack: integer(0, 7).prefault('0').describe('the board, as its jumpers say; 0 without any'),
    ...switchFields,
    InitialState: switchFields.InitialState.describe(
      'whether it is on at the start, whatever InvertOut says',
    ),
    SimulateButton: switchFields.SimulateButton.describe(
      'every command, whatever it says, switches it over for half a second',
    ),
    InvertOut: switchFields.InvertOut.describe('ON switches it off, OFF on'),
  }),
  ...switchParts,
  create: (options, { log, gpio }) => {
    const { Relay, Stack } = options
    return gpio
      ? switchOn(gpio, simulatedLine(Relay, Stack), options, log)
      : switchOn(relayBoard(Stack), Relay, options, log)
  },
})
