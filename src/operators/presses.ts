import { filter, map, type OperatorFunction, pairwise } from 'rxjs'

/** A button as it was last seen to change. */
export interface ButtonChange {
  /** Whether it is pressed now. */
  readonly pressed: boolean
  /** When, in milliseconds since the epoch. */
  readonly at: number
}

/** A button that was pressed and let go. */
export interface Press {
  /** Whether it was held for longer than the limit of a long one. */
  readonly kind: 'short' | 'long'
  /** How long it was held, ms. */
  readonly length: number
  /** When it was let go, milliseconds since the epoch. */
  readonly at: number
}

/**
 * Says of each press whether it was a short or a long one, when the button is let go: long is more than `long` ms, and
 * what is not held for more than `shortest` ms was none. The beginning must have been seen.
 *
 * ![marble diagram](../../marbles/presses.svg)
 *
 * @example
 * of({ pressed: true, at: 0 }, { pressed: false, at: 300 }).pipe(presses(50, 1200))
 * // → { kind: 'short', length: 300, at: 300 }
 */
export const presses =
  (shortest: number, long = Infinity): OperatorFunction<ButtonChange, Press> =>
  (changes$) =>
    changes$.pipe(
      pairwise(),
      filter(([before, after]) => before.pressed && !after.pressed),
      map(([before, after]): Press => {
        const length = after.at - before.at
        return { kind: length > long ? 'long' : 'short', length, at: after.at }
      }),
      filter(({ length }) => length > shortest),
    )
