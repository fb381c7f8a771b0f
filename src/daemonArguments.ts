import { accessSync, constants } from 'node:fs'
import { parseArgs } from 'node:util'
import type { RunOptions } from './commands/run.js'

const known = {
  replay: { type: 'string' },
  broker: { type: 'boolean' },
  simulate: { type: 'boolean' },
} as const

/**
 * What a daemon is started with: `run CONFIG.ini` and the options that need no explanation. Everything else is `undefined`, and
 * for `commandLine`: it says what is wrong, but loading it takes as long as connecting to a broker.
 */
export function daemonArguments(args: string[]): readonly [file: string, options: RunOptions] | undefined {
  try {
    const { values, positionals } = parseArgs({ args, options: known, allowPositionals: true })
    const [first = '', file = first, ...others] = positionals
    const isRun = others.length === 0 && (positionals.length === 2 ? first === 'run' : file.endsWith('.ini'))
    if (!isRun || (values.simulate && values.replay === '-')) return undefined
    if (values.replay !== undefined && values.replay !== '-') accessSync(values.replay, constants.R_OK)
    return [file, values]
  } catch {
    return undefined
  }
}
