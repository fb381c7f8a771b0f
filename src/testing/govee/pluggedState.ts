import type { ProbePair } from './probePair.js'

/**
 * The byte of the H5055 that says which of its probes are there: bits 7-6 are the pair, bits 5-0 the probes 6..1 that are
 * plugged in. Throws for alarms of a probe that is not, since nobody reads them.
 */
export function pluggedState({ pair, first, second }: ProbePair): number {
  const plugged = [first, second].map((probe) => {
    if (probe.temperature === undefined && Object.keys(probe).length > 0)
      throw new Error('expected a temperature of a probe that has alarms, got none')
    return Number(probe.temperature !== undefined)
  })
  const [one = 0, two = 0] = plugged
  return (pair << 6) | ((one | (two << 1)) << (pair * 2))
}
