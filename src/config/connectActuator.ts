import { filter, identity, map, merge, type Observable, tap } from 'rxjs'
import { boolean } from '../fields/fields.js'
import { type Actuator, type Logger, payload } from '../model.js'
import { linkOrders } from '../operators/linkOrders.js'
import { routed } from '../operators/routed.js'
import type { Component } from './components.js'
import { type ObeyedCommands, withoutRetained } from './retainedCommands.js'
import { commandsOf, type LinkRule, routesOf } from './routes.js'
import { describedBy, supervised } from './sectionReadings.js'
import { parameterOf } from './sections.js'

/**
 * Puts an actuator between the connections that its section names: commands come from these only, retained ones as far as it
 * obeys them, and results go to these only. What it says on a topic of its own commands is marked as an echo.
 */
export function connectActuator(
  actuator: Actuator,
  log: Logger,
  component: Component<Actuator>,
  localNames: readonly string[],
  obeyed: ObeyedCommands,
  links: readonly Link[],
): Actuator {
  const { section, connections: names, delivery, sources = [], acts, local, own } = component
  const to = local ? localNames.filter((name) => names?.includes(name) ?? true) : names
  const ignore = boolean.safeParse(parameterOf(section, 'IgnoreRetained')?.text).data
  const addressed = { ...(to && { to }), ...(delivery && { delivery }) }
  const echo = { ...addressed, echo: true as const }
  return (commands$) => {
    let state: string | undefined
    const asked$ = commands$.pipe(
      section.routes
        ? commandsOf(section.routes)
        : filter(({ from }) => from === undefined || !names || names.includes(from)),
      withoutRetained(section.name, { ignore, sources, acts }, obeyed, log),
    )
    const ordered = links.map(({ rule, isUp$ }) =>
      isUp$.pipe(
        linkOrders(rule, () => state),
        map((payload) => ({ source: rule.own, payload })),
      ),
    )
    return actuator(links.length === 0 ? asked$ : merge(asked$, ...ordered)).pipe(
      links.length === 0 ? identity : tap((reading) => (state = payload(reading))),
      supervised(log),
      own ? describedBy(own) : identity,
      section.routes
        ? routed(routesOf(component, local && localNames))
        : map((reading) => ({ ...reading, ...(sources.includes(reading.destination) ? echo : addressed) })),
    )
  }
}

/** What is to happen when a connection is lost or found, and whether it is there. */
export interface Link {
  readonly rule: LinkRule
  readonly isUp$: Observable<boolean>
}
