import { filter, map } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Actuator } from '../model.js'
import { switched } from '../operators/switched.js'
import type { GpioChip } from './gpioChip.js'
import { switchCommands } from './switchCommands.js'

/** Which line to switch, and how. */
export interface GpioSwitchOptions {
  /** Number of the line as the chip has it: BCM numbering on a Raspberry Pi. */
  readonly line: number
  /** Where commands come from, and where the state is reported. */
  readonly commandSource: string
  /** Where else commands come from. */
  readonly toggleSource?: string
  /** The level at the start, `true` for HIGH, whatever `invert` says. */
  readonly initial: boolean
  /** ON is LOW. */
  readonly invert: boolean
  /** Time (ms) for which toggling once more is ignored. */
  readonly toggleDebounce: number
}

/**
 * Switches a GPIO line ON, OFF or over (TOGGLE, or the time of a press), and reports its state where commands come from:
 * at the start and whenever it changes. A command for the state it has already changes nothing.
 *
 * ![marble diagram](../../marbles/switched.svg)
 *
 * @example
 * const light = gpioSwitch(
 *   simulatedGpio(),
 *   { line: 19, commandSource: 'light', initial: false, invert: false, toggleDebounce: 150 },
 *   console,
 * )
 * of({ source: 'light', payload: 'ON' }).pipe(light)
 * // → { destination: 'light', value: 'OFF' }, { destination: 'light', value: 'ON' }
 */
export const gpioSwitch =
  (chip: GpioChip, options: GpioSwitchOptions, log: Logger): Actuator =>
  (commands$) => {
    const { line, commandSource, toggleSource, initial, invert, toggleDebounce } = options
    return commands$.pipe(
      filter(({ source }) => source === commandSource || source === toggleSource),
      switchCommands(log),
      switched(initial !== invert, toggleDebounce),
      map((on) => on !== invert),
      chip.output(line),
      map((level) => ({ destination: commandSource, value: level !== invert ? 'ON' : 'OFF' })),
    )
  }
