import type { Component } from './component.js'
import { connectionName } from './connectionName.js'
import { connectionNames } from './connectionNames.js'
import { nearest } from './nearest.js'
import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import { showParameter } from './showParameter.js'

/** Says of every name in a `Connection` list that no connection has. */
export function unknownConnections(
  components: readonly Component<unknown>[],
  connections: readonly Component<unknown>[],
): Problem[] {
  const known = connections.flatMap(({ section }) => connectionName(section) ?? [])
  const open = known.filter(({ secret }) => !secret).map(({ text }) => text)
  return components.flatMap(({ section }) => {
    const parameter = section.parameters.get('connection')
    if (!parameter || parameter.faults.length > 0) return []
    const unknown = connectionNames(section)?.filter((name) => !known.some(({ text }) => text === name)) ?? []
    return unknown.map((name) => {
      const meant = parameter.secret ? undefined : nearest(name, open)
      return problemAt(
        parameter,
        'error',
        `expected the Name of a connection, got ${showParameter({ ...parameter, text: name })}` +
          `${meant === undefined ? '' : `: did you mean ${meant}?`} (known: ${[...new Set(known.map(showParameter))].join(', ') || 'none'})`,
      )
    })
  })
}
