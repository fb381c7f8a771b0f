import type { z } from 'zod'
import type { LoggingOptions } from '../logging/loggingOptions.js'
import type { loggingSchema } from './loggingSchema.js'

/** `[Logging]` as the log wants it. */
export const loggingOptions = ({
  Level,
  Syslog,
  File,
  MaxSize,
  NumFiles,
}: z.output<typeof loggingSchema>): LoggingOptions => ({
  level: Level,
  syslog: Syslog,
  ...(File !== undefined && { file: File }),
  maxSize: MaxSize,
  numFiles: NumFiles,
})
