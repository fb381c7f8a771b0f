import { mergeMap, type OperatorFunction } from 'rxjs'
import type { Command, Delivery } from '../model.js'
import type { Route } from '../operators/routed.js'
import type { Component } from './components.js'

/** What of a section goes where, as a YAML file says it for each connection. */
export interface StatedRoutes {
  readonly connections: readonly { readonly name: string; readonly line: number }[]
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

/** Where the readings of a section go, by where it reports them itself; over some connections only, if that is said. */
export function routesOf(
  { section: { routes }, delivery }: Component<unknown>,
  only?: readonly string[],
): ReadonlyMap<string, readonly Route[]> {
  const { readings = [], commands = [] } = routes ?? {}
  const used = readings.filter(({ connection }) => only?.includes(connection) ?? true)
  const devices = new Map(
    used.map(({ connection }) => [
      connection,
      commonParent(used.filter((other) => other.connection === connection).map((other) => other.destination)),
    ]),
  )
  const routeOf = ({ connection, destination, words, ...reading }: StatedReading): Route => {
    const how = { ...delivery, ...reading.delivery }
    const device = devices.get(connection)
    const here = commands.filter((command) => command.connection === connection)
    const sources = Object.fromEntries(here.map((command) => [command.own, command.source]))
    return {
      destination,
      to: [connection],
      ...(Object.keys(how).length > 0 && { delivery: Object.freeze(how) }),
      ...(Object.values(sources).includes(destination) && { echo: true as const }),
      ...(device !== undefined && { device }),
      ...(routes && { name: routes.name }),
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

/** Leads commands to where a section expects them itself; what it does not listen to is left out. */
export function commandsOf({ commands }: StatedRoutes): OperatorFunction<Command, Command> {
  const key = (connection: string, source: string) => `${connection}\0${source}`
  const own = new Map<string, string[]>()
  for (const { connection, source, own: to } of commands)
    own.set(key(connection, source), [...(own.get(key(connection, source)) ?? []), to])
  return mergeMap((command) =>
    (own.get(key(command.from ?? '', command.source)) ?? []).map((source) => ({ ...command, source })),
  )
}

/** What of the routes a section depends on: where it is said does not matter. */
export const routesBasis = (routes: StatedRoutes | undefined): unknown =>
  routes && {
    ...routes,
    connections: routes.connections.map(({ name }) => name),
    commands: routes.commands.map(({ own, connection, source }) => [own, connection, source]),
  }
