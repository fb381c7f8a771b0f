import type { Component } from './component.js'
import { connectionName } from './connectionName.js'
import { connectionNames } from './connectionNames.js'
import type { Section } from './section.js'

/** Where the actuators that use a connection wait for commands, each topic once. */
export function commandSources(connection: Section, actuators: readonly Component<unknown>[]): string[] {
  const name = connectionName(connection)?.text ?? ''
  const using = actuators.filter(({ section }) => connectionNames(section)?.includes(name) ?? true)
  return [...new Set(using.flatMap(({ sources = [] }) => sources))]
}
