import type { LogRecord } from './logRecord.js'

/**
 * A line for people and files, in local time.
 *
 * @example '2026-11-22 16:20:39,123 INFO Sensor0: text\n'
 */
export const timestamped = ({ at, level, name, text }: LogRecord): string => {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString()
  return `${local.slice(0, 10)} ${local.slice(11, 23).replace('.', ',')} ${level} ${name}: ${text}\n`
}
