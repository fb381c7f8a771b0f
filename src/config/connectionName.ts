import type { Parameter, Section } from './section.js'

/** A connection's `Name`, if it has one. */
export function connectionName({ parameters }: Section): Parameter | undefined {
  const name = parameters.get('name')
  return name && name.faults.length === 0 && name.text !== '' ? name : undefined
}
