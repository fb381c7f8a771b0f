import type { Component } from './component.js'
import { connectionName } from './connectionName.js'
import { deliverersOf } from './deliverersOf.js'
import { sectionDelivery } from './sectionDelivery.js'
import type { Section } from './section.js'

/** The spools of a connection, by the path that sections give; each is a file of its own where several connections use that. */
export function spoolFiles(
  connection: Section,
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Record<string, string> {
  const uses = [
    ...connections.map(({ section }) => ({ path: sectionDelivery(section)?.spool, by: section })),
    ...others.flatMap(({ section }) =>
      deliverersOf(section, connections).map((user) => ({
        path: sectionDelivery(section)?.spool,
        by: user.section,
      })),
    ),
  ]
  const name = encodeURIComponent(connectionName(connection)?.text ?? '')
  const files = uses
    .filter(({ by }) => by === connection)
    .flatMap(({ path }) => path ?? [])
    .map((path) => {
      const isShared = uses.some((use) => use.path === path && use.by !== connection)
      return [path, isShared ? `${path}.${name}` : path]
    })
  return Object.fromEntries(files) as Record<string, string>
}
