import type { Component } from './component.js'
import { connectionName } from './connectionName.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import { repeated } from './repeated.js'
import type { Section } from './section.js'

/** Says of connections that they have the name of another one, or that their broker could not tell them apart. */
export const sharedIdentities = (connections: readonly Component<unknown>[]): Problem[] => [
  ...repeated(connections, ({ section }) => connectionName(section)?.text).map(([again, first]) =>
    problemAt(
      place(again.section, 'Name'),
      'error',
      `same Name as ${where(first.section, 'Name')}: every connection needs its own`,
    ),
  ),
  ...repeated(connections, ({ identity }) => identity).map(([again, first]) =>
    problemAt(
      place(again.section, 'Client'),
      'error',
      `same Client on the same broker as ${where(first.section, 'Client')}: the broker would let only one of them in`,
    ),
  ),
]

const place = (section: Section, key: string) => ({
  section: section.name,
  key,
  line: section.parameters.get(key.toLowerCase())?.line ?? section.line,
})

const where = (section: Section, key: string) => `[${section.name}] (line ${place(section, key).line})`
