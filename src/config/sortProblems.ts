import { formatProblem } from './formatProblem.js'
import type { Problem } from './problem.js'

/** By line, each once: a value of `[DEFAULT]` is read for every section, with the same result. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const distinct = new Map(problems.map((problem) => [formatProblem('', problem), problem]))
  return [...distinct.values()].sort((one, other) => one.line - other.line)
}
