import { formatProblem } from '../config/formatProblem.js'
import type { Problem } from '../config/problem.js'
import type { Logger } from '../logging/logger.js'

/** Logs every problem of a configuration with its file and line. */
export function sayProblems(
  log: Logger,
  file: string,
  { problems }: { readonly problems: readonly Problem[] },
): void {
  for (const problem of problems)
    log[problem.severity === 'error' ? 'error' : 'warn'](formatProblem(file, problem))
}
