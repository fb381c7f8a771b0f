import type { Component } from './component.js'
import { connectionNames } from './connectionNames.js'
import { isParameter } from './isParameter.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import type { Section } from './section.js'

/** A topic of commands, as a section says it. */
interface Source {
  readonly section: Section
  readonly key: string
  readonly line: number
  readonly topic: string
}

/** Says of actuators that a command for one of them would be one for another, too. */
export function sharedCommandSources(actuators: readonly Component<unknown>[]): Problem[] {
  const sources = actuators.flatMap(commandSources)
  return sources.flatMap((source, index) => {
    const first = sources.slice(0, index).find((earlier) => collide(earlier, source))
    if (!first) return []
    const { section, key, line } = source
    const other = `[${first.section.name}] (line ${first.line})`
    return [
      problemAt(
        { section: section.name, key, line },
        'error',
        `same topic as ${other} on the same connection: every actuator needs its own`,
      ),
    ]
  })
}

/** `CommandSrc` and `ToggleCommandSrc`, not the inputs of logic gates: several of these may share one. */
const commandSources = ({ section, known = [] }: Component<unknown>): Source[] =>
  [...section.parameters.values()]
    .filter(({ key }) => /commandsrc$/i.test(key) && known.some((name) => isParameter(name, key)))
    .map(({ key, line, text }) => ({ section, key, line, topic: text }))

function collide(one: Source, other: Source): boolean {
  if (one.section === other.section || one.topic !== other.topic) return false
  const names = connectionNames(other.section)
  return connectionNames(one.section)?.some((name) => names?.includes(name) ?? true) ?? true
}
