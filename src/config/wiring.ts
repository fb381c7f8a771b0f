import { identity } from 'rxjs'
import { describeStatus, type Expected, redescribe } from '../description.js'
import type { Wiring } from '../plugin/plugin.js'
import { type Component, type Components, deliverersOf, uses } from './components.js'
import { statusesOf } from './stillReported.js'

/** What a connection does for the sections that use it. */
export const wiringOf = (
  connection: Component<unknown>,
  { connections, sensors, actuators }: Components,
): Wiring => ({
  commandSources: commandSources(connection, actuators),
  spools: spoolFiles(connection, connections, [...sensors, ...actuators]),
  expected: expectedOver(connection, [...sensors, ...actuators]),
})

/** Where the actuators that use a connection wait for commands, each topic once. */
function commandSources(connection: Component<unknown>, actuators: readonly Component<unknown>[]): string[] {
  const using = actuators.filter((actuator) => uses(actuator, connection))
  const topics = using.flatMap(({ section, sources = [] }) =>
    section.routes
      ? section.routes.commands.flatMap(({ connection: name, source }) =>
          name === connection.name?.text ? [source] : [],
        )
      : sources,
  )
  return [...new Set(topics)]
}

/** What the sections that use a connection can say, and is shown. */
function expectedOver(connection: Component<unknown>, components: readonly Component<unknown>[]): Expected {
  const shown = components.filter(
    (component) => component.describes && uses(component, connection) && !component.own?.hidden,
  )
  // What goes along routes is announced with its first reading, where these lead.
  const led = shown.filter(({ section }) => section.routes)
  const direct = shown.filter(({ section }) => !section.routes)
  const topics = direct.flatMap(({ describes, own, wired, section }) => {
    const abouts = describes?.topics ?? []
    const statuses = [...statusesOf({ wired, section } as Component<unknown>, components)]
    const described = statuses.flatMap(([destination, status]) => {
      const device = abouts.find(({ topic }) => topic === destination)?.device
      return device && status !== undefined ? [describeStatus(device, status)] : []
    })
    return [...abouts, ...described].map(own ? redescribe(own) : identity)
  })
  const ledIdentities = led
    .flatMap(({ describes }) => describes?.topics ?? [])
    .map(({ device }) => device.identity)
  return {
    topics,
    identities: [...shown.flatMap(({ describes }) => describes?.identities ?? []), ...ledIdentities],
    strangers: shown.some(({ describes }) => describes?.strangers),
  }
}

/** The spools of a connection, by the path that sections give; each is a file of its own where several connections use that. */
export function spoolFiles(
  connection: Component<unknown>,
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Record<string, string> {
  const stated = [
    ...connections.map((by) => ({ path: by.delivery?.spool, by })),
    ...others.flatMap((other) =>
      deliverersOf(other, connections).map((by) => ({ path: other.delivery?.spool, by })),
    ),
  ]
  const name = encodeURIComponent(connection.name?.text ?? '')
  const files = stated
    .filter(({ by }) => by === connection)
    .flatMap(({ path }) => path ?? [])
    .map((path) => {
      const isShared = stated.some((other) => other.path === path && other.by !== connection)
      return [path, isShared ? `${path}.${name}` : path]
    })
  return Object.fromEntries(files) as Record<string, string>
}
