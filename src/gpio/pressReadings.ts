import { map, mergeMap, type OperatorFunction, pipe, skip } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Reading } from '../model.js'
import { presses } from '../operators/presses.js'
import type { LineLevel } from './gpioChip.js'
import { localTime } from './localTime.js'

/** A button on an input line, and where to report that it was pressed. */
export interface ButtonOptions {
  /** The level of the line while the button is pressed, `true` for HIGH. */
  readonly pressedLevel: boolean
  /** A press must last longer than this, ms. */
  readonly shortest: number
  /** A press that lasts longer than this is a long one, ms; without it all are short ones. */
  readonly long?: number
  /** Where the time of a short press is reported. */
  readonly shortDestination?: string
  /** Where the time of a long press is reported. */
  readonly longDestination?: string
}

/** Turns the levels of a line into the presses of the button on it; the value is the time, for it never repeats itself. */
export function pressReadings(options: ButtonOptions, log: Logger): OperatorFunction<LineLevel, Reading> {
  const { pressedLevel, shortest, long, shortDestination, longDestination } = options
  return pipe(
    // The first level is no change.
    skip(1),
    map(({ level, at }) => ({ pressed: level === pressedLevel, at })),
    map((change, index) => {
      if (index === 0 && !change.pressed)
        log.warn('the button was let go before it was pressed: is Btn_Pressed_State the wrong way round?')
      return change
    }),
    presses(shortest, long),
    mergeMap(({ kind, length, at }): Reading[] => {
      log.info(`${kind} press, ${length / 1000} s`)
      const destination = kind === 'long' ? longDestination : shortDestination
      return destination === undefined ? [] : [{ destination, value: localTime(at), event: true, at }]
    }),
  )
}
