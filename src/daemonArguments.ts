import { accessSync, constants } from 'node:fs'
import type { RunOptions } from './commands/run.js'

/**
 * What a daemon is started with: `run CONFIG.ini` and the options that need no explanation. Everything else is `undefined`, and
 * for `commandLine`: it says what is wrong, but loading it takes as long as connecting to a broker; Node's `parseArgs` takes a
 * millisecond.
 */
export function daemonArguments(
  args: readonly string[],
): readonly [file: string, options: RunOptions] | undefined {
  const options: { replay?: string; broker?: true; simulate?: true } = {}
  const positionals: string[] = []
  const rest = args.values()
  for (const word of rest) {
    if (word === '--replay') options.replay = rest.next().value ?? ''
    else if (word === '--broker') options.broker = true
    else if (word === '--simulate') options.simulate = true
    else if (word.startsWith('-')) return undefined
    else positionals.push(word)
  }
  const [first = '', file = first, ...others] = positionals
  const isRun = others.length === 0 && (positionals.length === 2 ? first === 'run' : file.endsWith('.ini'))
  if (!isRun || (options.simulate && options.replay === '-')) return undefined
  return options.replay === undefined || options.replay === '-' || isReadable(options.replay)
    ? [file, options]
    : undefined
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
