import { NEVER } from 'rxjs'
import { type Loaded, loadFile } from '../config/load.js'
import { formatProblem } from '../plugin/problems.js'
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
    radio: () => ({ advertisements$: NEVER, state$: NEVER }),
    getLogger: () => consoleLogger,
  })
