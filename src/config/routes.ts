import { mergeMap, type OperatorFunction } from 'rxjs'
import type { Command, Delivery } from '../model.js'
import type { Route, Routes } from '../operators/routed.js'
import { type Component, isOne } from './components.js'

/** What of a section goes where, as a YAML file says it for each connection. */
export interface StatedRoutes {
  readonly connections: readonly { readonly name: string; readonly line: number; readonly key: string }[]
  readonly readings: readonly StatedReading[]
  readonly commands: readonly StatedCommand[]
  readonly links: readonly LinkRule[]
  /** What people call it. */
  readonly name: string
  /** The parameters that the section knows beside those of its class, and those of its class that it does not know. */
  readonly added: readonly string[]
  readonly hidden: readonly string[]
}

/** Where something that is reported goes over one connection. */
export interface StatedReading {
  /** Where the section itself reports it. */
  readonly own: string
  readonly connection: string
  readonly destination: string
  readonly delivery?: Delivery | undefined
  /** What is said there in place of the section's own words. */
  readonly words?: Readonly<Record<string, string>> | undefined
}

/** Where commands come from over one connection. */
export interface StatedCommand {
  /** Where the section itself expects them. */
  readonly own: string
  readonly connection: string
  readonly source: string
  readonly line: number
  readonly key: string
  /** Others may listen there, too. */
  readonly shared?: boolean
}

/** What an actuator is told when a connection is lost or found. */
export interface LinkRule {
  readonly connection: string
  /** Where the section itself expects commands. */
  readonly own: string
  readonly lost?: string
  readonly found?: string
  /** Once it is found, the last state that was reported before it was lost. */
  readonly resume?: true
}

/**
 * Where the readings of a section go, by where it reports them itself, or where its commands come from; over some connections only, if
 * that is said.
 */
export function routesOf(
  { section: { routes }, delivery, describes }: Component<unknown>,
  only?: readonly string[],
  what: 'readings' | 'commands' = 'readings',
): Routes {
  const { readings = [], commands = [] } = routes ?? {}
  const stated: readonly StatedReading[] =
    what === 'readings' ? readings : commands.map(({ source, ...rest }) => ({ ...rest, destination: source }))
  const used = stated.filter(({ connection }) => only?.includes(connection) ?? true)
  // What several devices have in common is none of theirs, and neither is the name of their section.
  const isSingle = isOne(describes)
  const devices = new Map(
    used.map(({ connection }) => [
      connection,
      commonParent(used.filter((other) => other.connection === connection).map((other) => other.destination)),
    ]),
  )
  const routeOf = ({ connection, destination, words, ...reading }: StatedReading): Route => {
    const how = { ...delivery, ...reading.delivery }
    const device = isSingle ? devices.get(connection) : undefined
    const here = commands.filter((command) => command.connection === connection)
    const sources = Object.fromEntries(here.map((command) => [command.own, command.source]))
    return {
      destination,
      to: [connection],
      ...(Object.keys(how).length > 0 && { delivery: Object.freeze(how) }),
      ...(Object.values(sources).includes(destination) && { echo: true as const }),
      ...(device !== undefined && { device }),
      ...(routes && isSingle && { name: routes.name }),
      ...(words && { words }),
      ...(here.length > 0 && { commands: sources }),
    }
  }
  return new Map(
    used.map(({ own }) => [own, used.filter((reading) => reading.own === own).map(routeOf)] as const),
  )
}

/** What several topics have in common, in whole levels, if they all go on below it: `attic` of `attic/degrees` and `attic/cell`. */
function commonParent(topics: readonly string[]): string | undefined {
  const [first = [], ...others] = topics.map((topic) => topic.split('/').slice(0, -1))
  const length = first.findIndex((level, place) => others.some((other) => other[place] !== level))
  const common = length < 0 ? first : first.slice(0, length)
  return common.length > 0 ? common.join('/') : undefined
}

/**
 * Leads commands to where a section expects them itself; what it does not listen to is left out. What comes over no connection of the
 * file counts where any of them would have it.
 */
export function commandsOf({ commands }: StatedRoutes): OperatorFunction<Command, Command> {
  const key = (source: string, connection = '') => `${connection}\0${source}`
  const own = new Map<string, Set<string>>()
  for (const { connection, source, own: to } of commands)
    for (const from of [key(source, connection), key(source)])
      own.set(from, (own.get(from) ?? new Set<string>()).add(to))
  return mergeMap((command) =>
    [...(own.get(key(command.source, command.from)) ?? [])].map((source) => ({ ...command, source })),
  )
}

/** Where a section waits for commands, over a connection or over any. */
export const commandSourcesOf = (
  { section: { routes }, sources = [] }: Component<unknown>,
  connection?: string,
): readonly string[] =>
  routes
    ? routes.commands
        .filter((command) => connection === undefined || command.connection === connection)
        .map(({ source }) => source)
    : sources

/** What of the routes a section depends on: where it is said does not matter. */
export const routesBasis = (routes: StatedRoutes | undefined): unknown =>
  routes && {
    ...routes,
    connections: routes.connections.map(({ name }) => name),
    commands: routes.commands.map(({ own, connection, source }) => [own, connection, source]),
  }
