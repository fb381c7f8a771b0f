import { distance } from 'fastest-levenshtein'
import { ignoreElements, type Observable, tap, timer } from 'rxjs'
import type * as z from 'zod'
import { field } from '../fields/fields.js'
import { escapeControls } from '../fields/problems.js'
import { remember } from '../memory.js'
import type { Logger } from '../model.js'
import { addressDigits, type Advertisement } from '../radio/advertisement.js'
import type { Format } from './formats/format.js'
import { readerOf } from './formats/formats.js'

const address = /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i

const uuid = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** The address of a Bluetooth device, or the UUID that macOS shows in its place; becomes lower case. */
export const deviceAddress = field('a Bluetooth address such as A4:C1:38:11:22:33', (text) =>
  address.test(text) || uuid.test(text) ? text.toLowerCase() : undefined,
)

/** The devices `AddressX` for which another numbered parameter says something, and what. */
export const devicePairs = <Said>(
  addresses: Readonly<Record<string, string>>,
  said: Readonly<Record<string, Said>>,
): [address: string, said: Said][] =>
  Object.entries(addresses).flatMap(([number, address]) => {
    const value = said[number]
    return value === undefined ? [] : [[address, value]]
  })

/** Options that are refused for what is wrong with their pairs, and that is found even where others could not be read. */
export function withPairs<Schema extends z.ZodType>(
  options: Schema,
  problemsOf: (options: z.output<Schema>) => readonly PairProblem[],
): Schema {
  return options.superRefine(
    (read, context) => {
      for (const { path, message } of problemsOf(read))
        context.addIssue({ code: 'custom', path: [...path], message })
    },
    { when: () => true },
  )
}

export interface PairProblem {
  readonly path: readonly [] | readonly [parameter: string, number: string]
  readonly message: string
}

/** Numbered parameters as far as they could be read: what could not is no text. */
type Numbered = Readonly<Record<string, unknown>> | undefined

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

/** How long, ms, a chosen device may be unheard at first: none is known that is silent for longer. */
const patience = 120_000

/**
 * Tells `log`, two minutes after `said$` is subscribed to, which chosen devices (address to destination) have not been heard until
 * then, each with the address nearest to it of those that were: an address is easily mistyped. `hear` is to be told of every packet.
 */
export function missingDevices(
  formats: readonly Format[],
  devices: Readonly<Record<string, string>>,
  log: Logger,
) {
  const { decode } = readerOf(formats)
  const brand = formats.length === 1 ? `${formats[0]?.brand} device` : 'device that can be read'
  const chosen = new Set(Object.keys(devices).map(addressDigits))
  const heard = new Set<string>()
  const others = new Map<string, string | undefined>()
  let isOver = false

  const hear = (advertisement: Advertisement): void => {
    if (isOver) return
    const { address, localName } = advertisement
    const digits = addressDigits(address)
    if (chosen.has(digits)) heard.add(digits)
    else if (formats.some(({ looksFamiliar }) => looksFamiliar?.(advertisement)) || decode(advertisement))
      remember(others, address.toLowerCase(), localName ?? others.get(address.toLowerCase()), 1000)
  }
  const nearestTo = (address: string): string => {
    const [nearest] = [...others].sort(([one], [other]) => distance(address, one) - distance(address, other))
    if (!nearest) return `no other ${brand} was heard`
    const [other, name] = nearest
    return `the nearest address that was heard: ${other}${name === undefined ? '' : ` (${escapeControls(name)})`}`
  }
  const say = () => {
    isOver = true
    for (const [address, destination] of Object.entries(devices))
      if (!heard.has(addressDigits(address)))
        log.warn(
          `${address} (${destination}) has not been heard for two minutes; ${nearestTo(address.toLowerCase())}`,
        )
    others.clear()
  }
  const said$: Observable<never> = timer(patience).pipe(tap(say), ignoreElements())
  return { hear, said$ }
}
