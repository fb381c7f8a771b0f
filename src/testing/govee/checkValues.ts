import type { Encoder } from './encoder.js'
import type { GoveeValues } from './goveeValues.js'

/** Throws an Error when a device is to say what it has no word for. */
export function checkValues(values: GoveeValues, { says, probes = [] }: Encoder): void {
  check(values, says)
  for (const probe of Object.values(values.probes ?? {})) check(probe, probes, 'its probes have ')
}

function check(values: object, says: readonly string[], who = 'it has '): void {
  const [unknown] = Object.keys(values).filter((name) => !says.includes(name))
  if (unknown !== undefined) throw new Error(`${who}${says.join(', ')}, but no ${unknown}`)
}
