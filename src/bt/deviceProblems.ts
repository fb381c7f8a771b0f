import { pairProblems } from '../govee/pairProblems.js'

type Numbered = Readonly<Record<string, unknown>> | undefined

interface DeviceProblem {
  readonly path: readonly string[]
  readonly message: string
}

/** What is wrong with the pairs of `AddressX` and `DestinationX`; at least one there must be. */
export function deviceProblems(addresses: Numbered = {}, destinations: Numbered = {}): DeviceProblem[] {
  if (Object.keys({ ...addresses, ...destinations }).length > 0) return pairProblems(addresses, destinations)
  return [{ path: [], message: 'Address1 and Destination1 are missing: whose presence to report, and where' }]
}
