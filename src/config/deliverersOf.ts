import type { Component } from './component.js'
import { connectionName } from './connectionName.js'
import { connectionNames } from './connectionNames.js'
import type { Section } from './section.js'

/** The connections, of those that deliver, which the readings of a section go to. */
export function deliverersOf(
  section: Section,
  connections: readonly Component<unknown>[],
): Component<unknown>[] {
  const names = connectionNames(section)
  return connections.filter((connection) => {
    const name = connectionName(connection.section)?.text
    return connection.known?.includes('Offline') && name !== undefined && (names?.includes(name) ?? true)
  })
}
