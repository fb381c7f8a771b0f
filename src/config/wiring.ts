import { identity } from 'rxjs'
import { type Description, describeStatus, type Expected, redescribe } from '../description.js'
import { describedAlong } from '../operators/routed.js'
import type { Wiring } from '../plugin/plugin.js'
import { type Component, type Components, deliverersOf, uses } from './components.js'
import { commandSourcesOf, routesOf } from './routes.js'
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
  return [...new Set(using.flatMap((actuator) => commandSourcesOf(actuator, connection.name?.text)))]
}

/** What the sections that use a connection can say, and is shown. */
function expectedOver(connection: Component<unknown>, components: readonly Component<unknown>[]): Expected {
  const shown = components.filter(
    (component) => component.describes && uses(component, connection) && !component.own?.hidden,
  )
  const topics = shown.flatMap((component) => {
    const { describes, own, section } = component
    const abouts = describes?.topics ?? []
    const described = [...statusesOf(component, components)].flatMap(([destination, status]) => {
      const device = abouts.find(({ topic }) => topic === destination)?.device
      return device && status !== undefined ? [describeStatus(device, status)] : []
    })
    const all = [...abouts, ...described].map(own ? redescribe(own) : identity)
    return section.routes ? led(all, component, connection.name?.text ?? '') : all
  })
  return {
    topics,
    identities: shown.flatMap(({ describes }) => describes?.identities ?? []),
    strangers: shown.some(({ describes }) => describes?.strangers),
  }
}

/** The same along the routes of a section over a connection; what says nothing there may be told something nevertheless. */
function led(abouts: readonly Description[], component: Component<unknown>, name: string): Description[] {
  const said = describedAlong(routesOf(component, [name]))
  const told = describedAlong(routesOf(component, [name], 'commands'))
  return abouts.flatMap((about) => {
    const { topic, ...silent } = about
    const along = topic === undefined ? [] : said(about)
    return along.length > 0 || !about.commands ? along : told(silent)
  })
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
