import type { Level } from './level.js'
import type { LogRecord } from './logRecord.js'

const priorities: Record<Level, number> = { ERROR: 3, WARNING: 4, INFO: 6, DEBUG: 7 }

/**
 * A line for journald or `logger --prio-prefix`, who know the time themselves; priorities as in sd-daemon(3).
 *
 * @example '<6>Sensor0: text\n'
 */
export const prioritised = ({ level, name, text }: LogRecord): string =>
  `<${priorities[level]}>${name}: ${text}\n`
