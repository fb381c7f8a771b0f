import type { Level } from './level.js'
import type { Logger } from './logger.js'
import type { LoggingOptions } from './loggingOptions.js'

/** The log of the process. */
export interface Logging {
  /** The logger of a component; without a level of its own it follows the general one. */
  readonly getLogger: (name: string, level?: Level) => Logger
  /** Other options from now on. The log file is opened anew, as after an external rotation. */
  readonly reconfigure: (options: LoggingOptions) => void
  /** Resolves when the last lines are out, after half a second at the latest. */
  readonly close: () => Promise<void>
}
