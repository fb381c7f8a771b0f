import type { MonoTypeOperatorFunction, Observable } from 'rxjs'

/** What an input line said. */
export interface LineLevel {
  /** `true` for HIGH. */
  readonly level: boolean
  /** When it came to this level, milliseconds since the epoch. */
  readonly at: number
  /** How many changes before this one were lost, because they came too fast. */
  readonly lost?: number
}

/** How to listen to an input line. */
export interface InputOptions {
  /** The resistor that decides while nothing else does. */
  readonly pull: 'up' | 'down'
  /** A level counts once it has stayed for this long, ms. */
  readonly debounce: number
}

/**
 * A GPIO chip: the edge of the program that senses and switches. Lines are numbered as the chip does, which on a Raspberry
 * Pi is BCM numbering. A line is held while it is subscribed to; it is an error when somebody else holds it.
 */
export interface GpioChip {
  /** The level of a line at once, and then each change. */
  input(line: number, options: InputOptions): Observable<LineLevel>
  /** Drives a line to each level that comes, and emits the level when it is there. */
  output(line: number): MonoTypeOperatorFunction<boolean>
}
