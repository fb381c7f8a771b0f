import { dirname, resolve } from 'node:path'
import { names } from '../fields/fields.js'
import { nearest, type Problem, problemAt, showParameter } from '../fields/problems.js'
import type { OfflinePolicy } from '../model.js'
import { type Component, type Components, deliverersOf } from './components.js'
import { type IniSection, strip } from './ini.js'
import { isSecretKey, secretReference } from './secrets.js'
import { isParameter, type Parameter, parameterOf, type Section, sectionPrefix } from './sections.js'

type Severity = Problem['severity']

/** What everybody on the machine can do with a file. */
interface Exposed {
  readonly readableByOthers?: boolean
  readonly writableByOthers?: boolean
}

/** What is doubtful in the text of a file by itself. What nobody knows is as severe as `unknown` says. */
export const checkText = (
  sections: readonly IniSection[],
  { readableByOthers = false, writableByOthers = false }: Exposed,
  unknown: Severity,
): Problem[] => [
  ...(writableByOthers
    ? [
        {
          severity: 'warning' as const,
          line: 0,
          message: 'everybody on this machine can change it: chmod o-w',
        },
      ]
    : []),
  ...sections.flatMap((section) => doubtfulValues(section, readableByOthers)),
  ...sections.flatMap((section) => unknownSection(section, unknown)),
]

/** What is wrong with sections beside each other, each of which may be right by itself. */
export function checkTogether(
  { connections, sensors, actuators }: Components,
  settings: readonly Part[],
  defaults: IniSection,
  unknown: Severity,
): Problem[] {
  const others = [...sensors, ...actuators]
  return [
    ...unknownParameters([...connections, ...others, ...settings], defaults, unknown),
    ...sharedIdentities(connections),
    ...sharedCommandSources(actuators),
    ...actuators.flatMap(openActuator),
    ...deliveryProblems(connections, others),
    ...others.flatMap((component) => unknownConnections(component, connections)),
    ...missingSections(connections, others),
  ]
}

/** Sections that would hand a variable on to a program from which the configuration itself reads what may be a secret. */
export const checkEnvironments = (
  components: readonly Component<unknown>[],
  secretVariables: readonly string[],
): Problem[] =>
  components.flatMap(({ section, known }) => {
    const stated = known?.includes('Env') ? parameterOf(section, 'Env')?.text : undefined
    const shared = (names.safeParse(stated).data ?? []).filter((name) => secretVariables.includes(name))
    return shared.flatMap((name) =>
      wrong(
        section,
        'Env',
        'expected variables that no ${env:…} of this file reads, got ' +
          `${name}: what may be a secret goes to no program`,
      ),
    )
  })

/** A `Spool` or log file where the service may not write. */
export const checkPlaces = (
  sections: readonly Section[],
  folder: string,
  places: readonly string[],
): Problem[] =>
  sections.flatMap((section) => {
    const key = section.name === 'Logging' ? 'File' : 'Spool'
    const parameter = parameterOf(section, key)
    if (!parameter || parameter.section !== section.name || parameter.secret || parameter.text === '')
      return []
    const path = resolve(folder, parameter.text)
    if (places.some((place) => path.startsWith(`${resolve(place)}/`))) return []
    return problemAt(
      parameter,
      'warning',
      `the systemd service may not write there, only below ${places.join(', ')}: choose one of these, or run ` +
        `sudo systemctl edit sensor-reporter and write [Service] and below it ReadWritePaths=${dirname(path)}`,
    )
  })

/** Values that are as the file says, but perhaps not as somebody wants them. */
const doubtfulValues = ({ name, options }: IniSection, readableByOthers: boolean): Problem[] =>
  options.flatMap(({ key, line, value }) => {
    const warn = (message: string) => problemAt({ section: name, key, line }, 'warning', message)
    const names = secretReference.test(value) || isKeyFile(key, value)
    const exposed = readableByOthers && isSecretKey(key) && value !== '' && !names
    return [
      ...(value.includes('%%') ? [warn('%% stays %%: if a single % is meant, write a single one')] : []),
      ...(exposed
        ? [warn('everybody on this machine can read it: chmod o-r, or write ${env:NAME} or ${file:PATH}')]
        : []),
    ]
  })

/** `Key = certs/home.key` says where a key is; the `Key` of somebody's plug-in may be one. */
const isKeyFile = (key: string, value: string) => /^key$/i.test(key) && /^\.{0,2}\/|\.(key|pem)$/i.test(value)

const prefixes = Object.values(sectionPrefix)

const settingNames = ['Logging', 'Bluetooth', 'DEFAULT']

/** A section that nothing reads, and what was probably meant. */
function unknownSection({ name, line }: IniSection, severity: Severity): Problem[] {
  if (settingNames.includes(name) || prefixes.some((prefix) => name.startsWith(prefix))) return []
  const word = strip(name)
  const numbered = prefixes.map((prefix) => prefix + word.slice(prefix.length))
  const meant = nearest(word, [...numbered, ...settingNames])
  const advice = meant
    ? `did you mean [${meant}]?`
    : `names begin with ${prefixes.join(', ')}, or are ${settingNames.join(', ')}`
  return [problemAt({ line, section: name }, severity, `unknown section, ${advice}`)]
}

/** A section, and the parameters it knows unless its class is unknown. */
interface Part {
  readonly section: Section
  readonly known?: readonly string[]
}

/** Keys that their section does not know, or that are in `[DEFAULT]` and no section knows, and what was probably meant. */
function unknownParameters(parts: readonly Part[], defaults: IniSection, severity: Severity): Problem[] {
  const own = parts.flatMap(({ section, known }) => {
    const stated = [...section.parameters.values()].filter(
      // What a class with routes is told in the section's place nobody has written.
      ({ section: place, as }) => place === section.name && !section.routes?.hidden.includes(as),
    )
    return known ? unknownAmong(stated, knownIn(section, known), severity, section.exact) : []
  })
  const inherited = defaults.options.map((option) => ({ as: option.key, ...option, section: defaults.name }))
  const anywhere = parts.flatMap(({ known }) => known ?? [])
  return parts.every(({ known }) => known)
    ? [...own, ...unknownAmong(inherited, anywhere, severity, defaults.exact)]
    : own
}

/** The parameters that may stand in a section: where its routes are said elsewhere, not those of its class that say them. */
const knownIn = ({ routes, exact }: Section, known: readonly string[]): readonly string[] =>
  routes
    ? [
        ...known.filter((name) => !routes.hidden.some((hidden) => isParameter(name, hidden, exact))),
        ...routes.added.filter((name) => exact === true || name !== 'Connections'),
      ]
    : known

/** Keys that are none of those known, and what was probably meant. */
export const unknownAmong = (
  places: readonly Pick<Parameter, 'section' | 'key' | 'as' | 'line'>[],
  known: readonly string[],
  severity: Severity,
  exact = false,
): Problem[] =>
  places
    .filter(({ as }) => !known.some((name) => isParameter(name, as, exact)))
    .map((place) => problemAt(place, severity, `unknown parameter, ${advice(place.as, known, exact)}`))

/** What was probably meant by a key, in a file where `exact` ones stand before a colon. */
export function advice(key: string, known: readonly string[], exact = true): string {
  if (!exact && /\s/.test(key)) return 'its name goes on after a space: is a = missing?'
  const number = /\d+$/.exec(key)?.[0] ?? '1'
  const meant = nearest(
    key,
    known.map((name) => name.replace(/X$/, number)),
  )
  return meant ? `did you mean ${meant}?` : `known are ${[...new Set(known)].join(', ')}`
}

/** Connections that have the name of another one, or that their broker could not tell apart. */
const sharedIdentities = (connections: readonly Component<unknown>[]): Problem[] => [
  ...repeated(connections, (one, other) => one.name !== undefined && one.name.text === other.name?.text).map(
    ([again, first]) =>
      problemAt(
        place(again.section, 'Name'),
        'error',
        `same Name${again.name ? ` ${showParameter(again.name)}` : ''} as ${where(first.section, 'Name')}: every connection needs its own`,
      ),
  ),
  ...repeated(
    connections,
    ({ identity }, other) => identity !== undefined && identity === other.identity,
  ).map(([again, first]) =>
    problemAt(
      place(again.section, 'Client'),
      'error',
      `same Client on the same broker as ${where(first.section, 'Client')}: the broker would let only one of them in`,
    ),
  ),
]

const place = (section: Section, key: string) => ({
  section: section.name,
  key,
  line: parameterOf(section, key)?.line ?? section.line,
})

const where = (section: Section, key: string) => `[${section.name}] (line ${place(section, key).line})`

/** All to which an earlier one is the same, each with the first of these. */
const repeated = <T>(items: readonly T[], same: (one: T, other: T) => boolean): [again: T, first: T][] =>
  items.flatMap((item, index): [T, T][] => {
    const first = items.slice(0, index).find((earlier) => same(earlier, item))
    return first === undefined ? [] : [[item, first]]
  })

/** Actuators for which a command would be that is for another one, too. */
function sharedCommandSources(actuators: readonly Component<unknown>[]): Problem[] {
  const sources = actuators.flatMap((actuator) =>
    commandSources(actuator).map((parameter) => ({ actuator, parameter })),
  )
  return repeated(
    sources,
    (one, other) =>
      one.actuator !== other.actuator &&
      one.parameter.text === other.parameter.text &&
      meet(one.parameter, other.parameter),
  ).map(([{ actuator, parameter }, first]) =>
    problemAt(
      { section: actuator.section.name, key: parameter.key, line: parameter.line },
      'error',
      `same topic as [${first.actuator.section.name}] (line ${first.parameter.line}) on the same connection: every actuator needs its own`,
    ),
  )
}

/** Where an actuator listens, and over which connections. */
interface CommandSource extends Pick<Component<unknown>, 'connections'> {
  readonly key: string
  readonly line: number
  readonly text: string
}

/** `CommandSrc` and `ToggleCommandSrc`, not the inputs of logic gates: several of these may share one. */
const commandSources = ({ section, known = [], connections }: Component<unknown>): CommandSource[] =>
  section.routes
    ? section.routes.commands
        .filter(({ shared }) => !shared)
        .map(({ connection, source, key, line }) => ({ connections: [connection], text: source, key, line }))
    : [...section.parameters.values()]
        .filter(({ key }) => /commandsrc$/i.test(key) && known.some((name) => isParameter(name, key)))
        .map(({ key, line, text }) => ({ connections, key, line, text }))

/** Whether there is a connection that both go with. */
const meet = ({ connections: one }: CommandSource, { connections: other }: CommandSource) =>
  one?.some((name) => other?.includes(name) ?? true) ?? true

/** An actuator that does not say who may command it. */
const openActuator = ({ section, sources }: Component<unknown>): Problem[] =>
  sources && !section.routes && !section.parameters.has('connection')
    ? [
        problemAt(
          { line: section.line, section: section.name },
          'warning',
          'no Connection: it obeys every connection; name those that may command it (Connection = …)',
        ),
      ]
    : []

/** Sections that contradict themselves or each other about how readings are delivered. */
function deliveryProblems(
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Problem[] {
  const deliverers = connections.filter(({ known }) => known?.includes('Offline'))
  return [
    ...[...deliverers, ...others].flatMap(contradictions),
    ...others.flatMap((other) =>
      unusedSpool(other, other.delivery?.offline === undefined ? deliverersOf(other, deliverers) : [other]),
    ),
    ...deliverers.flatMap((deliverer) => {
      const users = others.filter((other) => deliverersOf(other, [deliverer]).length > 0)
      return unusedSpool(deliverer, [deliverer, ...users])
    }),
    ...repeated(deliverers, (one, other) => {
      const file = fileOf(one)
      return file !== undefined && file === fileOf(other)
    }).flatMap(([{ section }, first]) =>
      wrong(
        section,
        'Spool',
        `same file as ${where(first.section, 'Spool')}: every connection needs its own`,
      ),
    ),
  ]
}

function contradictions({ section }: Component<unknown>): Problem[] {
  const has = (name: string) => parameterOf(section, name) !== undefined
  if (has('Offline'))
    return ['SendReadings', 'NumberOfReadings'].flatMap((name) =>
      wrong(section, name, 'Offline says the same in other words: leave out one of them'),
    )
  return has('SendReadings')
    ? []
    : wrong(section, 'NumberOfReadings', 'expected SendReadings = YES beside it: alone it says nothing')
}

/** A `Spool` into which none of those who could would ever put anything. */
function unusedSpool({ section, delivery }: Component<unknown>, users: readonly Component<unknown>[]) {
  // What is wrong with the policy itself is said where it stands.
  if (delivery?.spool === undefined || users.some((user) => isSeries(user.delivery?.offline))) return []
  return wrong(
    section,
    'Spool',
    'nothing would ever be kept there: expected Offline = last N or Offline = all beside it',
  )
}

const isSeries = (offline: OfflinePolicy | undefined) => offline === 'all' || typeof offline === 'object'

/** One file goes by several paths. */
const fileOf = ({ delivery }: Component<unknown>) => delivery?.spool && resolve(delivery.spool)

/** An error of a parameter, where it is given. */
function wrong(section: Section, name: string, message: string): Problem[] {
  const parameter = parameterOf(section, name)
  return parameter ? [problemAt(parameter, 'error', message)] : []
}

/** Names in a `Connection` list that no connection has. */
function unknownConnections(
  { section, connections: stated = [] }: Component<unknown>,
  connections: readonly Component<unknown>[],
): Problem[] {
  const known = connections.flatMap(({ name }) => name ?? [])
  const open = known.filter(({ secret }) => !secret).map(({ text }) => text)
  const parameter = section.parameters.get('connection')
  const places = section.routes
    ? section.routes.connections.map((stated) => ({
        ...stated,
        section: section.name,
        secret: false,
      }))
    : parameter && parameter.faults.length === 0
      ? stated.map((name) => ({ ...parameter, name }))
      : []
  return places
    .filter(({ name }) => !known.some(({ text }) => text === name))
    .map(({ name, secret, ...place }) => {
      const meant = secret ? undefined : nearest(name, open)
      return problemAt(
        place,
        'error',
        `expected the Name of a connection, got ${showParameter({ secret, text: name })}` +
          `${meant === undefined ? '' : `: did you mean ${meant}?`} (known: ${[...new Set(known.map(showParameter))].join(', ') || 'none'})`,
      )
    })
}

/** A configuration that can do nothing, since one half of it is missing. */
function missingSections(connections: readonly unknown[], others: readonly unknown[]): Problem[] {
  const warn = (message: string): Problem => ({ severity: 'warning', line: 1, message })
  return [
    ...(connections.length > 0 ? [] : [warn('there is no [Connection…] section: readings go nowhere')]),
    ...(others.length > 0
      ? []
      : [warn('there is no [Sensor…] or [Actuator…] section: there is nothing to do')]),
  ]
}
