import { addressDigits } from './addressDigits.js'

/** A numbered parameter as far as it could be read: what could not is no text. */
type Numbered = Readonly<Record<string, unknown>> | undefined

interface PairProblem {
  readonly path: readonly ['AddressX' | 'DestinationX', string]
  readonly message: string
}

/** What is wrong with the pairs of `AddressX` and `DestinationX`: each needs the other, no two may be the same. */
export function pairProblems(addresses: Numbered = {}, destinations: Numbered = {}): PairProblem[] {
  const problems: PairProblem[] = []
  const address = (number: string, message: string) => problems.push({ path: ['AddressX', number], message })
  const destination = (number: string, message: string) =>
    problems.push({ path: ['DestinationX', number], message })

  for (const number in addresses) {
    if (!(number in destinations))
      address(number, `Destination${number} is missing: where to report this device`)
  }
  for (const number in destinations) {
    if (!(number in addresses))
      destination(number, `Address${number} is missing: which device to report here`)
  }
  for (const [number, first] of repetitions(addresses, addressDigits)) {
    address(number, `is the same device as Address${first}: a device has one destination`)
  }
  for (const [number, first] of repetitions(destinations, (topic) => topic)) {
    destination(number, `is the same as Destination${first}: every device needs its own`)
  }
  return problems
}

function repetitions(values: Readonly<Record<string, unknown>>, sameness: (value: string) => string) {
  const firsts = new Map<string, string>()
  return Object.entries(values).flatMap(([number, value]) => {
    if (typeof value !== 'string') return []
    const first = firsts.get(sameness(value))
    if (first !== undefined) return [[number, first] as const]
    firsts.set(sameness(value), number)
    return []
  })
}
