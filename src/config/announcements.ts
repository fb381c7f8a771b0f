import type { Expected } from '../description.js'
import { type Problem, problemAt } from '../fields/problems.js'
import { type Component, type Components, identitiesOf, isOne, uses } from './components.js'
import { parameterOf, type Section } from './sections.js'

/** What Home Assistant would mix up, or never see, of sections each of which may be right by itself. */
export function checkAnnouncements({ connections, sensors, actuators }: Components): Problem[] {
  const others = [...sensors, ...actuators].sort((one, other) => one.section.line - other.section.line)
  return [
    ...mixedUp(connections, others),
    ...others.flatMap((component) =>
      unheard(
        component,
        connections.filter((connection) => uses(component, connection)),
      ),
    ),
  ]
}

/** What is announced of a section, or of the program itself over a connection. */
interface Announced {
  readonly component: Component<unknown>
  readonly identity: string
  /** Where, by which alone it is told apart. */
  readonly at: string
}

const announcedOver = (
  connection: Component<unknown>,
  others: readonly Component<unknown>[],
): Omit<Announced, 'at'>[] => [
  { component: connection, identity: '' },
  ...others
    .filter((other) => uses(other, connection) && !other.own?.hidden)
    .flatMap((component) =>
      [...identitiesOf(component.describes)].map((identity) => ({ component, identity })),
    ),
]

/** Devices that have the identity of another one. */
function mixedUp(
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Problem[] {
  const announced = connections.flatMap((connection) =>
    announcedOver(connection, others).flatMap((each): Announced[] => {
      const at = connection.announces?.(each.identity)
      return at === undefined ? [] : [{ ...each, at }]
    }),
  )
  const firsts = new Map<string, Announced>()
  const problems = new Map<string, Problem>()
  for (const again of announced) {
    const first = firsts.get(again.at)
    if (!first) firsts.set(again.at, again)
    else if (first.component !== again.component || first.identity !== again.identity) {
      // The one that is said of later in the file, once however many devices they share.
      const [of, by] = [again.component.section, first.component.section]
      problems.set(`${of.name} ${by.name}`, mixedUpWith(of, by, again.identity === ''))
    }
  }
  return [...problems.values()]
}

const mixedUpWith = (of: Section, by: Section, isConnection: boolean): Problem =>
  problemAt(
    isConnection ? (parameterOf(of, 'RootTopic') ?? lineOf(of)) : lineOf(of),
    'warning',
    `Home Assistant could not tell its device from that of [${by.name}] (line ${by.line}): choose another ` +
      (isConnection ? 'RootTopic' : 'topic or address, or say HomeAssistant = NO in one of them'),
  )

const lineOf = ({ name, line }: Section) => ({ section: name, line })

const words = ['HomeAssistant', 'Name', 'Area']

/** What a section says for Home Assistant, and to nobody. */
function unheard(
  { section, own, describes }: Component<unknown>,
  connections: readonly Component<unknown>[],
): Problem[] {
  // What is wrong with a connection itself is said where it stands.
  if (connections.length === 0 || connections.some(({ create }) => !create)) return []
  const isShown = connections.some(({ announces }) => announces?.('') !== undefined)
  // What a connection of another kind makes of these words is its own affair.
  const isHeard = !connections.every(({ announces, local }) => announces ?? local)
  const why = (word: string): string | undefined => {
    if (!isShown) return isHeard ? undefined : 'none of its connections says HomeAssistant = YES'
    if (word === 'HomeAssistant' || isHeard) return undefined
    if (own?.hidden) return 'the section says HomeAssistant = NO'
    return word === 'Name' && !isOne(describes)
      ? 'the section has several devices; each is called as its Destination, or as it calls itself'
      : undefined
  }
  const silent = words.flatMap((word) => {
    const parameter = parameterOf(section, word)
    // In [DEFAULT] it may be for another section.
    if (parameter?.section !== section.name) return []
    const reason = why(word)
    return reason === undefined ? [] : [problemAt(parameter, 'warning', `no effect: ${reason}`)]
  })
  return isShown && !own?.hidden ? [...silent, ...withoutUnit(section, describes)] : silent
}

/** Classes that have no unit, or need none. */
const unitless = ['aqi', 'date', 'enum', 'monetary', 'ph', 'power_factor', 'timestamp']

/** A number that Home Assistant refuses, since its class is nothing without a unit. */
function withoutUnit(section: Section, { topics = [] }: Partial<Expected> = {}): Problem[] {
  const parameter = parameterOf(section, 'DeviceClass')
  const isRefused = topics.some(
    ({ quantity: { deviceClass, unit, words: either, events } }) =>
      deviceClass !== undefined && !unit && !either && !events && !unitless.includes(deviceClass),
  )
  return parameter && isRefused
    ? [problemAt(parameter, 'warning', 'expected Unit beside it: without one Home Assistant shows nothing')]
    : []
}
