import * as z from 'zod'
import { boolean } from './fields/boolean.js'
import { integer } from './fields/integer.js'
import { level } from './fields/level.js'
import { path } from './fields/path.js'

/** What `[Logging]` knows. */
export const loggingSchema = z.object({
  Level: level
    .prefault('INFO')
    .describe('how much is logged of all that has no Level of its own: DEBUG, INFO, WARNING or ERROR'),
  Syslog: boolean.prefault('NO').describe('whether the local syslog gets the log as well'),
  File: path.optional().describe('file that gets the log as well, unless the syslog does'),
  MaxSize: integer(0).prefault('10485760').describe('bytes at which the file is rotated; with 0 it never is'),
  NumFiles: integer(0, 1000)
    .prefault('5')
    .describe('how many rotated files are kept; with 0 it is never rotated'),
})
