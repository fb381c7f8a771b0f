import * as z from 'zod'
import { boolean } from '../fields/fields.js'
import { type Problem, problemAt } from '../fields/problems.js'
import type { IniOption, IniSection } from './ini.js'
import { kinds, sectionPrefix } from './sections.js'
import { mapOf, nounOf, parseYamlTree, textEntry, textIn, type YamlEntry, type YamlMap } from './yaml.js'
import { type YamlClass, yamlClassOf } from './yamlClasses.js'
import { fieldReader, type Stated } from './yamlFields.js'
import { readRoutes } from './yamlRoutes.js'
import { otherwiseOf } from './yamlScalars.js'

type Severity = Problem['severity']

/** A section, as far as it is one. */
interface Part {
  readonly name: string
  readonly line: number
  readonly map: YamlMap
}

/** What the file says that a section is part of. */
interface Surroundings {
  /** The connections that speak of Items. */
  readonly itemed: ReadonlySet<string>
  readonly unknown: Severity
}

/**
 * Reads a YAML file of the Python program as the sections of an ini file, with the line of everything. Never throws. What a section
 * reports gets a topic of its own, and goes from there where its connections say. What is not understood is as severe as `unknown` says.
 */
export async function parseYaml(
  text: string,
  unknown: Severity,
): Promise<{ sections: IniSection[]; problems: readonly Problem[] }> {
  const { sections, itemed, problems } = yamlSections(text)
  const found = [...problems]
  const read: IniSection[] = []
  for (const section of sections) {
    const device = 'stated' in section && (await readDevice(section, { itemed, unknown }, found))
    read.push(device ? { ...device, exact: true } : (section as IniSection))
  }
  return { sections: read, problems: found }
}

/** The sections of a YAML file; what those of sensors and actuators say is still to be read. */
export function yamlSections(text: string): {
  readonly sections: readonly (IniSection | DeviceSection)[]
  /** The connections that speak of Items. */
  readonly itemed: ReadonlySet<string>
  readonly problems: readonly Problem[]
} {
  const { root, problems } = parseYamlTree(text)
  const found = [...problems]
  const parts = (root?.entries ?? []).flatMap((entry) => partOf(entry, found))
  const defaults = parts.find(({ name }) => name === 'DEFAULT')?.map.entries ?? []
  const itemed = parts
    .filter(
      ({ name, map }) => kindOf(name) === 'connections' && /\.OpenhabREST$/.test(textIn(map, 'Class') ?? ''),
    )
    .map(({ map }) => textIn(map, 'Name') ?? '')
  const sections = parts.map(({ name, line, map }): IniSection | DeviceSection => {
    const kind = kindOf(name)
    const own = map.entries.map((entry) => ({ ...entry, section: name }))
    const section = (options: readonly IniOption[]): IniSection => ({ name, line, options, exact: true })
    if (kind === 'sensors' || kind === 'actuators') {
      const inherited = defaults
        .filter(({ key }) => own.every((entry) => entry.key !== key))
        .map((entry) => ({ ...entry, section: 'DEFAULT' }))
      const stated = [...own, ...inherited]
      const yamlClass = yamlClassOf({ ...map, entries: stated }, kind)
      const presets = Object.entries(yamlClass.presets ?? {})
        .filter(([preset]) => stated.every(({ key }) => key !== preset))
        .map(([key, text]) => ({ ...textEntry(key, text, line), section: name }))
      return { name, line, kind, yamlClass, stated: [...stated, ...presets] }
    }
    if (name === 'DEFAULT') {
      const parameters = own.filter(({ key }) => !['Connections', 'Values', 'Name'].includes(key))
      return section(optionsOf(parameters, new Map(), found))
    }
    if (name === 'Logging') {
      // An empty one is none, for whoever wants neither file nor syslog.
      const stated = own.filter(
        ({ key, value }) => key !== 'File' || value.kind !== 'text' || value.text !== '',
      )
      return section([...optionsOf(stated, new Map(), found), ...loggingDefaults(map)])
    }
    const spellings = localSpellings(textIn(map, 'Class'))
    for (const [original, ours] of spellings)
      for (const place of own.filter(({ key }) => key === ours))
        found.push(
          problemAt(
            place,
            'warning',
            `the Python program reads ${original} only and would compare nothing; here it counts`,
          ),
        )
    return section(optionsOf(own, spellings, found))
  })
  return { sections, itemed: new Set(itemed), problems: found }
}

/** What a section of that name makes, if it makes something. */
export const kindOf = (name: string) => kinds.find((kind) => name.startsWith(sectionPrefix[kind]))

function partOf({ key, line, value, anchored }: YamlEntry, found: Problem[]): Part[] {
  const isOurs = kindOf(key) !== undefined || ['DEFAULT', 'Logging', 'Bluetooth'].includes(key)
  // What only stands there to be used elsewhere need be no section; nor is what stands in one that nobody reads anybody's affair.
  if (!isOurs) return anchored ? [] : [{ name: key, line, map: { kind: 'map', line, entries: [] } }]
  const map = mapOf(value)
  if (map) return [{ name: key, line, map }]
  const message = `expected parameters, indented below it, got ${nounOf(value)}`
  found.push(problemAt({ line, section: key }, 'error', message))
  return []
}

/** A section of a sensor or an actuator, and what it says, in the words of a YAML file. */
export interface DeviceSection {
  readonly name: string
  readonly line: number
  readonly kind: 'sensors' | 'actuators'
  readonly yamlClass: YamlClass
  readonly stated: readonly Stated[]
}

/** Reads what goes where in a section, and leaves the rest to its class. */
export async function readDevice(
  { name, line, kind, yamlClass, stated }: DeviceSection,
  context: Surroundings,
  found: Problem[],
): Promise<IniSection> {
  const whole = { kind: 'map', line, entries: stated } as const
  const { words, renamed = new Map<string, string>(), only = {}, required = [], nested = [] } = yamlClass
  const entryOf = (key: string) => stated.find((entry) => entry.key === key)
  const routes = await readRoutes({
    section: name,
    line,
    yamlClass,
    // A name in quotes may have halves of characters (`"\\ud800"`).
    topic: encodeURIComponent(Buffer.from(name).toString()),
    connections: entryOf('Connections'),
    values: entryOf('Values'),
    isActuator: kind === 'actuators',
    ...context,
  })
  found.push(...routes.problems)
  const added = ['Connections', 'Name', ...Object.keys(only), ...(words ? ['Values'] : [])]
  const given = routes.options.map(({ key }) => key)
  const parameters = unnested(stated, nested).filter((place) => {
    const { key } = place
    const [instead] = [...renamed].find(([, as]) => as === key) ?? []
    const isTopic = given.includes(key) || /^(Connection|Destination|CommandSrc|StateDest)$/.test(key)
    const advice = instead === undefined ? 'what goes where is said below Connections' : `write ${instead}`
    if (isTopic || instead !== undefined)
      found.push(problemAt(place, context.unknown, `unknown parameter here: ${advice}`))
    return !isTopic && instead === undefined && !added.includes(key)
  })
  for (const key of required)
    if (!entryOf(key)) found.push(problemAt({ section: name, line, key }, 'error', 'missing, it is required'))
  const reader = fieldReader(name, context.unknown)
  await reader.read(
    { ...whole, entries: stated.filter(({ key }) => Object.hasOwn(only, key)) },
    z.object(only),
  )
  found.push(...reader.problems)
  return {
    name,
    line,
    options: [...optionsOf(parameters, renamed, found), ...routes.options],
    routes: {
      ...routes.routes,
      name: textIn(whole, 'Name') ?? name.replace(/^(Sensor|Actuator)_?(?=.)/, ''),
      added: [...added, ...renamed.keys()],
      hidden: ['Connection', ...given, ...renamed.values()],
    },
  }
}

/** What stands below a parameter as parameters of their own: `Pin: {Red: 12}` as `Pin.Red`. */
const unnested = (entries: readonly Stated[], nested: readonly string[]): readonly Stated[] =>
  entries.flatMap((entry) =>
    nested.includes(entry.key) && entry.value.kind === 'map'
      ? entry.value.entries.map((below) => ({ ...entry, ...below, key: `${entry.key}.${below.key}` }))
      : [entry],
  )

/** The parameters among what stands in a section. Several values are one text with commas, as ini files have it. */
function optionsOf(
  entries: readonly Stated[],
  renamed: ReadonlyMap<string, string>,
  found: Problem[],
): IniOption[] {
  return entries.flatMap(({ key, line, value, section }): IniOption[] => {
    const as = renamed.get(key)
    const place = { key, line, section, ...(as !== undefined && { as }) }
    if (value.kind === 'text') return [{ ...place, value: value.text, ...otherwiseOf(value) }]
    const items = value.kind === 'list' ? value.items : []
    const texts = items.flatMap((item) => (item.kind === 'text' ? [item.text] : []))
    if (texts.length > 0 && texts.length === items.length) return [{ ...place, value: texts.join(', ') }]
    found.push(problemAt(place, 'error', `expected a single value, got ${nounOf(value)}`))
    return []
  })
}

/** What the Python program logs to where its YAML file does not say. */
function loggingDefaults(map: YamlMap): IniOption[] {
  const set = (key: string, value: string) => ({ key, value, line: map.line })
  const isToSyslog = boolean.safeParse(textIn(map, 'Syslog') ?? 'yes').data ?? true
  return [
    isToSyslog ? set('Syslog', 'yes') : set('File', '/tmp/sensorReporter.log'),
    set('MaxSize', '67108864'),
    set('NumFiles', '10'),
  ].filter(({ key }) => map.entries.every((entry) => entry.key !== key))
}

/** Its document says `OnGt`, the code of the Python program reads `OnGT`. */
export const localSpellings = (className: string | undefined): ReadonlyMap<string, string> =>
  new Map(
    className === 'local.local_conn.LocalConnection' ? Object.entries({ OnGT: 'OnGt', OnLT: 'OnLt' }) : [],
  )
