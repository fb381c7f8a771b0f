import { classes } from '../../src/config/classes.js'
import { check } from '../config/check.js'

/** What is wrong with one section of a configuration, `[Sensor1]` first; that there is no connection does not count. */
export const sectionProblems = async (...lines: readonly string[]): Promise<string[]> =>
  (await check(lines.join('\n'), { classes })).filter((line) => !line.includes('there is no [Connection…]'))
