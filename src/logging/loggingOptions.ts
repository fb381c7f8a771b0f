import type { Level } from './level.js'

/** What `[Logging]` says: the level of all that has none of its own, and where lines go besides standard output. */
export interface LoggingOptions {
  /** Of all that has none of its own. */
  readonly level: Level
  /** To the local syslog as well; `file` is then not used. */
  readonly syslog: boolean
  /** Path of the log file; it is made when it is not there. @default no file */
  readonly file?: string
  /** Bytes after which the file is rotated; 0 for never. */
  readonly maxSize: number
  /** How many rotated files are kept: `file.1` is the newest; with 0 the file is never rotated. */
  readonly numFiles: number
}
