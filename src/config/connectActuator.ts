import { filter, map } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Actuator } from '../model.js'
import { supervise } from '../operators/supervise.js'
import type { Component } from './component.js'
import { connectionNames } from './connectionNames.js'
import { boolean } from './fields/boolean.js'
import { sectionDelivery } from './sectionDelivery.js'

/**
 * Puts an actuator between the connections that its section names: commands come from these only, retained ones unless
 * it ignores them, and results go to these only. What it says on a topic of its own commands is marked as an echo.
 */
export function connectActuator(
  actuator: Actuator,
  log: Logger,
  { section, sources = [], local }: Component<Actuator>,
  localNames: readonly string[],
): Actuator {
  const names = connectionNames(section)
  const to = local ? localNames.filter((name) => names?.includes(name) ?? true) : names
  const ignoreRetained = boolean.safeParse(section.parameters.get('ignoreretained')?.text).data === true
  const delivery = sectionDelivery(section)
  const addressed = { ...(to && { to }), ...(delivery && { delivery }) }
  const echo = { ...addressed, echo: true as const }
  return (commands$) =>
    actuator(
      commands$.pipe(
        filter(({ from }) => from === undefined || !names || names.includes(from)),
        filter(({ retained }) => !retained || !ignoreRetained),
      ),
    ).pipe(
      supervise(log),
      map((reading) => ({ ...reading, ...(sources.includes(reading.destination) ? echo : addressed) })),
    )
}
