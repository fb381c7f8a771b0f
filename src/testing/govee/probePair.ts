import type { GoveeValues, ProbeValues } from './goveeValues.js'

/** Two probes that speak in one packet; one that is absent is not plugged in. */
export interface ProbePair {
  /** 0 for probes 1 and 2, 1 for 3 and 4 … */
  readonly pair: number
  readonly first: ProbeValues
  readonly second: ProbeValues
}

/** The probes of a packet, of a device with so many pairs of them. Throws when they do not fit into one packet. */
export function probePair({ probes = {} }: GoveeValues, pairs: number): ProbePair {
  const numbers = Object.keys(probes).map(Number)
  const pairOf = (number: number) => Math.floor((number - 1) / 2)
  const [pair = -1] = numbers.map(pairOf)
  if (pair < 0 || pair >= pairs || numbers.some((number) => pairOf(number) !== pair)) {
    const known = Array.from({ length: pairs }, (_, each) => `${each * 2 + 1} and ${each * 2 + 2}`)
    throw new Error(
      `expected probes of one packet (${known.join(', or ')}), got ${numbers.join(' and ') || 'none'}`,
    )
  }
  return { pair, first: probes[pair * 2 + 1] ?? {}, second: probes[pair * 2 + 2] ?? {} }
}
