import type { Component } from './component.js'
import type { Problem } from './problem.js'

/** Warns of a configuration that can do nothing, since one half of it is missing. */
export function missingSections(
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Problem[] {
  const warn = (message: string): Problem => ({ severity: 'warning', line: 1, message })
  return [
    ...(connections.length > 0 ? [] : [warn('there is no [Connection…] section: readings go nowhere')]),
    ...(others.length > 0
      ? []
      : [warn('there is no [Sensor…] or [Actuator…] section: there is nothing to do')]),
  ]
}
