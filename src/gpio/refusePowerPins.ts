import type { z } from 'zod'
import { headerLines } from './headerLines.js'
import { lineOf } from './lineOf.js'

/** A check for schemas with `pinOptions`: a BOARD number must be that of a GPIO pin. */
export function refusePowerPins(
  { Pin, PinNumbering }: { readonly Pin: number; readonly PinNumbering: 'BCM' | 'BOARD' },
  context: z.core.$RefinementCtx,
): void {
  if (lineOf(Pin, PinNumbering) !== undefined) return
  const message = `expected a GPIO pin of the header (${[...headerLines.keys()].join(', ')}), got ${Pin}`
  context.addIssue({ code: 'custom', path: ['Pin'], message })
}
