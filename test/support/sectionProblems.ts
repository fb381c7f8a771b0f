import { classes } from '../../src/config/classes.js'
import { check } from '../config/check.js'

/** What is wrong with one section of a configuration, `[Sensor1]` first; that there is no connection does not count. */
export const sectionProblems = (...lines: readonly string[]): string[] =>
  check(lines.join('\n'), { classes }).filter((line) => !line.includes('there is no [Connection…]'))
