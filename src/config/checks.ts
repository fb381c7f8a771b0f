import { resolve } from 'node:path'
import type { OfflinePolicy } from '../model.js'
import { nearest, type Problem, problemAt, showParameter } from '../plugin/problems.js'
import { type Parameter, type Section, sectionPrefix } from '../plugin/section.js'
import {
  type Component,
  connectionName,
  connectionNames,
  deliverersOf,
  sectionDelivery,
} from './components.js'
import { type IniSection, repeated, strip } from './ini.js'
import { isSecretKey, secretReference } from './secrets.js'
import { isParameter } from './sections.js'

/** Says of sections that they contradict themselves or each other about how readings are delivered. */
export function deliveryProblems(
  connections: readonly Component<unknown>[],
  others: readonly Component<unknown>[],
): Problem[] {
  const deliverers = connections.filter(({ known }) => known?.includes('Offline'))
  const sections = [...deliverers, ...others].map(({ section }) => section)
  return [
    ...sections.flatMap(contradictions),
    ...others.flatMap(({ section }) => {
      const offline = sectionDelivery(section)?.offline
      const users = deliverersOf(section, deliverers).map((user) => sectionDelivery(user.section)?.offline)
      return unusedSpool(section, offline === undefined ? users : [offline])
    }),
    ...deliverers.flatMap(({ section }) => {
      const users = others.filter((other) =>
        deliverersOf(other.section, deliverers).some((user) => user.section === section),
      )
      return unusedSpool(
        section,
        [section, ...users.map((user) => user.section)].map((each) => sectionDelivery(each)?.offline),
      )
    }),
    ...repeated(deliverers, ({ section }) => fileOf(sectionDelivery(section)?.spool)).flatMap(
      ([again, first]) =>
        problem(
          again.section,
          'Spool',
          `same file as [${first.section.name}] (line ${first.section.parameters.get('spool')?.line ?? 0}): every connection needs its own`,
        ),
    ),
  ]
}

/** One file goes by several paths. */
const fileOf = (path: string | undefined) => path && resolve(path)

function contradictions(section: Section): Problem[] {
  const has = (name: string) => section.parameters.has(name.toLowerCase())
  const legacy = ['SendReadings', 'NumberOfReadings'].filter(has)
  if (has('Offline'))
    return legacy.flatMap((name) =>
      problem(section, name, 'Offline says the same in other words: leave out one of them'),
    )
  return has('NumberOfReadings') && !has('SendReadings')
    ? problem(section, 'NumberOfReadings', 'expected SendReadings = YES beside it: alone it says nothing')
    : []
}

const isSeries = (offline: OfflinePolicy | undefined) => offline === 'all' || typeof offline === 'object'

function unusedSpool(section: Section, policies: readonly (OfflinePolicy | undefined)[]): Problem[] {
  // What is wrong with the policy itself is said where it stands.
  if (policies.some(isSeries) || sectionDelivery(section)?.spool === undefined) return []
  return problem(
    section,
    'Spool',
    'nothing would ever be kept there: expected Offline = last N or Offline = all beside it',
  )
}

function problem({ parameters }: Section, name: string, message: string): Problem[] {
  const parameter = parameters.get(name.toLowerCase())
  return parameter ? [problemAt(parameter, 'error', message)] : []
}

/** Warns of values that are as the file says, but perhaps not as somebody wants them. */
export const doubtfulValues = (sections: readonly IniSection[], readableByOthers: boolean): Problem[] =>
  sections.flatMap(({ name, options }) =>
    options.flatMap(({ key, line, value }) => {
      const warn = (message: string) => problemAt({ section: name, key, line }, 'warning', message)
      const exposed = readableByOthers && isSecretKey(key) && value !== '' && !secretReference.test(value)
      return [
        ...(value.includes('%%') ? [warn('%% stays %%: if a single % is meant, write a single one')] : []),
        ...(exposed
          ? [warn('everybody on this machine can read it: chmod o-r, or write ${env:NAME} or ${file:PATH}')]
          : []),
      ]
    }),
  )

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

/** Warns of actuators that do not say who may command them. */
export const openActuators = (actuators: readonly Component<unknown>[]): Problem[] =>
  actuators
    .filter(({ section, sources }) => sources && !section.parameters.has('connection'))
    .map(({ section }) =>
      problemAt(
        { line: section.line, section: section.name },
        'warning',
        'no Connection: it obeys every connection; name those that may command it (Connection = …)',
      ),
    )

/** A topic of commands, as a section says it. */
interface Source {
  readonly section: Section
  readonly key: string
  readonly line: number
  readonly topic: string
}

/** Says of actuators that a command for one of them would be one for another, too. */
export function sharedCommandSources(actuators: readonly Component<unknown>[]): Problem[] {
  const sources = actuators.flatMap(commandSources)
  return sources.flatMap((source, index) => {
    const first = sources.slice(0, index).find((earlier) => collide(earlier, source))
    if (!first) return []
    const { section, key, line } = source
    const other = `[${first.section.name}] (line ${first.line})`
    return [
      problemAt(
        { section: section.name, key, line },
        'error',
        `same topic as ${other} on the same connection: every actuator needs its own`,
      ),
    ]
  })
}

/** `CommandSrc` and `ToggleCommandSrc`, not the inputs of logic gates: several of these may share one. */
const commandSources = ({ section, known = [] }: Component<unknown>): Source[] =>
  [...section.parameters.values()]
    .filter(({ key }) => /commandsrc$/i.test(key) && known.some((name) => isParameter(name, key)))
    .map(({ key, line, text }) => ({ section, key, line, topic: text }))

function collide(one: Source, other: Source): boolean {
  if (one.section === other.section || one.topic !== other.topic) return false
  const names = connectionNames(other.section)
  return connectionNames(one.section)?.some((name) => names?.includes(name) ?? true) ?? true
}

/** Says of connections that they have the name of another one, or that their broker could not tell them apart. */
export const sharedIdentities = (connections: readonly Component<unknown>[]): Problem[] => [
  ...repeated(connections, ({ section }) => connectionName(section)?.text).map(([again, first]) =>
    problemAt(
      place(again.section, 'Name'),
      'error',
      `same Name as ${where(first.section, 'Name')}: every connection needs its own`,
    ),
  ),
  ...repeated(connections, ({ identity }) => identity).map(([again, first]) =>
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
  line: section.parameters.get(key.toLowerCase())?.line ?? section.line,
})

const where = (section: Section, key: string) => `[${section.name}] (line ${place(section, key).line})`

/** Says of every name in a `Connection` list that no connection has. */
export function unknownConnections(
  components: readonly Component<unknown>[],
  connections: readonly Component<unknown>[],
): Problem[] {
  const known = connections.flatMap(({ section }) => connectionName(section) ?? [])
  const open = known.filter(({ secret }) => !secret).map(({ text }) => text)
  return components.flatMap(({ section }) => {
    const parameter = section.parameters.get('connection')
    if (!parameter || parameter.faults.length > 0) return []
    const unknown = connectionNames(section)?.filter((name) => !known.some(({ text }) => text === name)) ?? []
    return unknown.map((name) => {
      const meant = parameter.secret ? undefined : nearest(name, open)
      return problemAt(
        parameter,
        'error',
        `expected the Name of a connection, got ${showParameter({ ...parameter, text: name })}` +
          `${meant === undefined ? '' : `: did you mean ${meant}?`} (known: ${[...new Set(known.map(showParameter))].join(', ') || 'none'})`,
      )
    })
  })
}

/** A section, and the parameters it knows unless its class is unknown. */
interface Part {
  readonly section: Section
  readonly known?: readonly string[]
}

/** Says of every key that its section does not know, or of `[DEFAULT]` and no section knows, what was probably meant. */
export function unknownParameters(
  parts: readonly Part[],
  defaults: IniSection,
  severity: Problem['severity'],
): Problem[] {
  const own = parts.flatMap(({ section, known }) => {
    const stated = [...section.parameters.values()].filter((parameter) => parameter.section === section.name)
    return known ? unknownAmong(stated, known, severity) : []
  })
  const inherited = defaults.options.map((option) => ({ ...option, section: defaults.name }))
  const anywhere = parts.flatMap(({ known }) => known ?? [])
  return parts.every(({ known }) => known) ? [...own, ...unknownAmong(inherited, anywhere, severity)] : own
}

function unknownAmong(
  places: readonly Pick<Parameter, 'section' | 'key' | 'line'>[],
  known: readonly string[],
  severity: Problem['severity'],
): Problem[] {
  return places
    .filter(({ key }) => !known.some((name) => isParameter(name, key)))
    .map((place) => problemAt(place, severity, `unknown parameter, ${advice(place.key, known)}`))
}

function advice(key: string, known: readonly string[]): string {
  if (/\s/.test(key)) return 'its name goes on after a space: is a = missing?'
  const number = /\d+$/.exec(key)?.[0] ?? '1'
  const meant = nearest(
    key,
    known.map((name) => name.replace(/X$/, number)),
  )
  return meant ? `did you mean ${meant}?` : `known are ${[...new Set(known)].join(', ')}`
}

const prefixes = Object.values(sectionPrefix)

const settings = ['Logging', 'Bluetooth', 'DEFAULT']

/** Says of every section that nothing reads, what was probably meant. */
export const unknownSections = (sections: readonly IniSection[], severity: Problem['severity']): Problem[] =>
  sections
    .filter(({ name }) => !settings.includes(name) && !prefixes.some((prefix) => name.startsWith(prefix)))
    .map(({ name, line }) => {
      const word = strip(name)
      const numbered = prefixes.map((prefix) => prefix + word.slice(prefix.length))
      const meant = nearest(word, [...numbered, ...settings])
      const advice = meant
        ? `did you mean [${meant}]?`
        : `names begin with ${prefixes.join(', ')}, or are ${settings.join(', ')}`
      return problemAt({ line, section: name }, severity, `unknown section, ${advice}`)
    })
