import { filter, ignoreElements, map, startWith } from 'rxjs'
import type { Actuator } from '../model.js'
import { pulse } from '../operators/pulse.js'
import type { GpioChip } from './gpioChip.js'

/** Which line to press like a button. */
export interface GpioButtonOptions {
  /** Number of the line as the chip has it: BCM numbering on a Raspberry Pi. */
  readonly line: number
  /** Where commands come from. */
  readonly commandSource: string
  /** The level at rest, `true` for HIGH. */
  readonly initial: boolean
  /** How long a press takes, ms. */
  readonly duration: number
}

/**
 * Presses a button that a GPIO line stands for, whatever the command says. It has no state to report: on a topic where
 * anything presses it, that would only be one more press.
 *
 * ![marble diagram](../../marbles/pulse.svg)
 *
 * @example
 * const garage = gpioButton(kernelGpio(), { line: 19, commandSource: 'garage', initial: true, duration: 500 })
 * report({ sensors: [], connections: [], actuators: [garage] })
 */
export const gpioButton =
  (chip: GpioChip, { line, commandSource, initial, duration }: GpioButtonOptions): Actuator =>
  (commands$) =>
    commands$.pipe(
      filter(({ source }) => source === commandSource),
      pulse(duration),
      map((pressed) => pressed !== initial),
      startWith(initial),
      chip.output(line),
      ignoreElements(),
    )
