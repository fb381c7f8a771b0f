import type { z } from 'zod'
import { inCode } from '../fields/codeOptions.js'
import { choice, integer, text } from '../fields/fields.js'

/** The parameters that say which line a section means; `PinNumbering` usually stands under `[DEFAULT]`. */
export const pinOptions = {
  Pin: integer(0, 53).describe('the pin, numbered as PinNumbering says'),
  PinNumbering: choice('BCM', 'BOARD')
    .prefault('BCM')
    .describe('BCM for GPIO numbers, BOARD for the numbers of the pins on the 40-pin header'),
  GpioChip: text
    .optional()
    .describe('not needed: the chip of the header is found by itself')
    .meta({ warn: otherChip }),
}

/** On a Raspberry Pi it is the first chip, or the fifth on some kernels of the Pi 5. */
function otherChip(stated: string): string | undefined {
  return /^(\/dev\/)?(gpiochip)?[04]$/.test(stated)
    ? undefined
    : 'the chip of the header is used, whatever is said here: leave it out, and see that Pin is a pin of the header'
}

/** The same in code, where the chip may be any. */
export const lineInCode = inCode(integer(0))

interface Pin {
  readonly Pin: number
  readonly PinNumbering: 'BCM' | 'BOARD'
}

/** The line that a pin is: `lineOf({ Pin: 11, PinNumbering: 'BOARD' })` is 17. */
export const lineOf = ({ Pin, PinNumbering }: Pin): number =>
  PinNumbering === 'BCM' ? Pin : (headerLines.get(Pin) ?? Pin)

/** A check for schemas with `pinOptions`: a BOARD number must be that of a GPIO pin. */
export function refusePowerPins(
  { Pin, PinNumbering }: Pin,
  context: z.core.$RefinementCtx,
  key = 'Pin',
): void {
  if (PinNumbering === 'BCM' || headerLines.has(Pin)) return
  const message = `expected a GPIO pin of the header (${[...headerLines.keys()].join(', ')}), got ${Pin}`
  context.addIssue({ code: 'custom', path: [key], message })
}

/**
 * The GPIO lines of the Raspberry Pi's 40-pin header (BOARD numbering to BCM numbering), the same since the Model B+; the
 * other pins are power, ground and nothing else.
 */
const headerLines: ReadonlyMap<number, number> = new Map([
  [3, 2],
  [5, 3],
  [7, 4],
  [8, 14],
  [10, 15],
  [11, 17],
  [12, 18],
  [13, 27],
  [15, 22],
  [16, 23],
  [18, 24],
  [19, 10],
  [21, 9],
  [22, 25],
  [23, 11],
  [24, 8],
  [26, 7],
  [27, 0],
  [28, 1],
  [29, 5],
  [31, 6],
  [32, 12],
  [33, 13],
  [35, 19],
  [36, 16],
  [37, 26],
  [38, 20],
  [40, 21],
])
