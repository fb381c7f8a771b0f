import type { Level } from './level.js'

/** One line of the log before it is formatted. */
export interface LogRecord {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly level: Level
  /** Who says it: the name of an ini section, `Sensor0`. */
  readonly name: string
  /** Free of control characters. */
  readonly text: string
}
