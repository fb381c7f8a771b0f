import { NEVER } from 'rxjs'
import { join } from 'node:path'
import { type Loaded, loadFile } from '../config/load.js'
import { formatProblem } from '../fields/problems.js'
import { filesIn, textOf } from '../kernelFiles.js'
import type { Logger } from '../model.js'
import { consoleLogger } from './terminal.js'

/** Prints every problem of a configuration with its line. Resolves to the exit code; starts nothing. */
export async function check(
  file: string,
  { strict = false }: { readonly strict?: boolean },
): Promise<number> {
  const { problems, reporter } = await loadOnly(file, strict)
  for (const problem of problems) console.log(formatProblem(file, problem))
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length
  console.log(
    reporter
      ? `${file} can be used (warnings: ${count('warning')})`
      : `${file} cannot be used (errors: ${count('error')}, warnings: ${count('warning')})`,
  )
  return reporter ? 0 : 1
}

/** Reads a configuration of which nothing will be started. */
export const loadOnly = (file: string, strict = false): Promise<Loaded> =>
  loadFile(file, {
    env: process.env,
    strict,
    places: writablePlaces(),
    radio: () => ({ advertisements$: NEVER, state$: NEVER }),
    getLogger: () => consoleLogger,
  })

/** The same of one that need not be finished: what is wrong with it is logged, and what can be read of it is used. */
export async function loadUnfinished(file: string, log: Logger): Promise<Loaded> {
  const loaded = await loadOnly(file)
  for (const problem of loaded.problems)
    if (problem.severity === 'error') log.warn(formatProblem(file, problem))
  return loaded
}

/** Where the service may write: what our unit says, and what is added to it on this machine. */
export function writablePlaces(folder = '/etc/systemd/system/sensor-reporter.service.d'): string[] {
  const added = filesIn(folder)
    .filter((name) => name.endsWith('.conf'))
    .flatMap((name) => [...textOf(join(folder, name)).matchAll(/^ReadWritePaths=(.*)$/gm)])
    .flatMap(([, paths = '']) => paths.split(/\s+/))
    .map((path) => path.replace(/^[-+]*/, ''))
  return ['/var/lib/sensor-reporter', '/var/log/sensor-reporter', ...added.filter((path) => path !== '')]
}
