import { type Problem, problemAt } from '../fields/problems.js'
import { advice } from './checks.js'
import type { IniSection, parseIni } from './ini.js'
import { type Connections, connectionsIn, deviceIn, isSame } from './iniDevices.js'
import { isSamePath, type Leaf, listIn, pairIn, textOf, treeOf } from './leaves.js'
import { expandSecrets, type SecretSources } from './secrets.js'
import type { YamlEntry, YamlMap } from './yaml.js'
import type { Input, YamlClass } from './yamlClasses.js'
import type { Stated } from './yamlFields.js'
import { outputOf } from './yamlRoutes.js'
import { type DeviceSection, readDevice } from './yamlSections.js'

/**
 * Reads the routes in the sections of an ini file: keys with a dot, `Temperature.MQTT = freezer/degrees`. They are the flat form of
 * what stands below `Connections` in a YAML file, and are read as that. A section without such keys stays as it is.
 */
export async function withRoutes(
  { sections, problems }: ReturnType<typeof parseIni>,
  unknown: Problem['severity'],
  sources: SecretSources,
): Promise<ReturnType<typeof parseIni>> {
  const found = [...problems]
  const named = sections.map(async (section) => {
    const stated = section.options.filter(({ key }) => isSame(key, 'Name') || isSame(key, 'Class'))
    const options = stated.map(async (option) => ({
      ...option,
      value: (await expandSecrets(option.value, sources)).text,
    }))
    return { ...section, options: await Promise.all(options) }
  })
  const file = connectionsIn(await Promise.all(named))
  const read: IniSection[] = []
  for (const section of sections) {
    const device = deviceIn(section, sections)
    const dotted = device && dottedDevice(device, file, unknown, found)
    read.push(dotted ? await readDevice(dotted, { itemed: file.itemed, unknown }, found) : section)
  }
  return { sections: read, problems: found }
}

/** A section with routes, as a YAML file would have it; nothing, if it has none. */
export function dottedDevice(
  device: DeviceSection,
  { names, itemed }: Connections,
  unknown: Problem['severity'],
  found: Problem[],
): DeviceSection | undefined {
  const { name, line, stated, yamlClass } = device
  const { words, renamed, required = [], isDevice } = yamlClass
  const dotted = stated.flatMap((entry) => {
    if (entry.section !== name || !entry.key.includes('.')) return []
    const { what, connection, field, isNamed } = splitKey(entry.key, names)
    const isValues = words !== undefined && field === '' && isSame(what, 'Values')
    const place = isValues ? undefined : placeOf(what, yamlClass)
    return isNamed || isValues || place ? [{ entry, what, connection, field, isValues, place }] : []
  })
  const [first] = dotted
  if (!first) return undefined
  const fail = (place: Stated, message: string, severity: Problem['severity'] = 'error') => {
    found.push(problemAt(place, severity, message))
  }

  const leaves: Leaf[] = []
  const valuesBy: YamlEntry[] = []
  for (const { entry, what, connection, field, isValues, place } of dotted) {
    const at = { line: entry.line, written: entry.key }
    const value = entry.value.kind === 'text' ? entry.value.text : ''
    if (isValues)
      valuesBy.push({ ...entry, ...at, key: connection, value: pairIn(value, yamlClass, at.line) })
    else if (place) {
      const path = [connection, ...pathOf(place, field, itemed.has(connection))]
      const earlier = leaves.find((leaf) => isSamePath(leaf.path, path))
      if (earlier) fail(entry, `says the same as ${earlier.written}: remove one of them`)
      else
        leaves.push({
          ...at,
          path,
          value: topicFields.test(path.at(-1) ?? '') ? listIn(value, line) : entry.value,
        })
    } else fail(entry, `unknown: ${advice(what, wordsOf(yamlClass))}`, unknown)
  }

  const isRoute = (entry: Stated) => dotted.some((each) => each.entry === entry)
  const plain = stated.filter((entry) => !isRoute(entry))
  const isTopic = isTopicOf(yamlClass)
  for (const entry of plain.filter(({ section }) => section === name))
    if (isSame(entry.key, 'Connection'))
      fail(entry, `expected none beside ${first.entry.key}, which names a connection behind its dot`)
    else if (isTopic(entry.key))
      fail(entry, `expected ${entry.key}.NAME for each connection, beside ${first.entry.key}`)
    else if (isDevice && /^Address\d*$/i.test(entry.key) && entry.key !== 'Address1')
      fail(entry, 'expected Address1 alone: a section that says what goes where has one device')
  const values = words && plain.find(({ key }) => key === 'Values')
  const forAll = values && { ...values, value: pairIn(textOf(values.value), yamlClass, values.line) }
  const byConnection: YamlMap = {
    ...{ kind: 'map', line },
    entries: [...valuesBy, ...(forAll ? [{ ...forAll, key: 'DEFAULT' }] : [])],
  }
  const whole = { section: name, line: first.entry.line, written: first.entry.key, anchored: false }
  return {
    ...device,
    yamlClass: {
      ...yamlClass,
      renamed: new Map(),
      required: required.map((key) => renamed?.get(key) ?? key),
    },
    stated: [
      ...plain.filter((entry) => entry !== values && !isSame(entry.key, 'Connection') && !isTopic(entry.key)),
      { ...whole, key: 'Connections', value: treeOf(forEachOutput(leaves), line) },
      ...(byConnection.entries.length > 0 ? [{ ...whole, key: 'Values', value: byConnection }] : []),
    ],
  }
}

/** What stands before and behind the first dot of a key; names of connections may have dots themselves. */
function splitKey(key: string, names: readonly string[]) {
  const dot = key.indexOf('.')
  const [what, rest] = [key.slice(0, dot), key.slice(dot + 1)]
  const [name] = names
    .filter((name) => rest === name || rest.startsWith(`${name}.`))
    .sort((one, other) => other.length - one.length)
  if (name !== undefined) return { what, connection: name, field: rest.slice(name.length + 1), isNamed: true }
  const last = rest.lastIndexOf('.')
  const isField = fields.some((field) => isSame(field, rest.slice(last + 1)))
  return isField && last > 0
    ? { what, connection: rest.slice(0, last), field: rest.slice(last + 1), isNamed: false }
    : { what, connection: rest, field: '', isNamed: false }
}

const links = ['ConnectionOnDisconnect', 'ConnectionOnReconnect']

const ofConnections = ['StateDest', 'CommandSrc', 'Item', 'Retain', 'QoS', ...links]

const fields = [
  ...ofConnections,
  ...['ChangeState', 'TargetState', 'ResumeLastState', 'SendReadings', 'NumberOfReadings'],
]

const topicFields = /^(StateDest|CommandSrc|Item)$/

/** The output or input that something is said of, and the field; the first is empty where there is one only. */
function placeOf(what: string, yamlClass: YamlClass): readonly [part: string, field: string] | undefined {
  const called = (parts: YamlClass['outputs'] | YamlClass['inputs']) =>
    Object.entries<Input>(parts).find(
      ([name, { parameter }]) => (name !== '' && isSame(name, what)) || isSame(parameter, what),
    )?.[0]
  const output = called(yamlClass.outputs)
  if (output !== undefined) return [output, 'StateDest']
  const input = called(yamlClass.inputs)
  if (input !== undefined) return [input, 'CommandSrc']
  const field = ofConnections.find((field) => isSame(field, what))
  if (field !== undefined) return ['', field]
  const topic = what.toLowerCase()
  return outputOf(yamlClass, topic) && [topic, 'StateDest']
}

function pathOf([part, field]: readonly [string, string], deeper: string, isItemed: boolean): string[] {
  const stated = fields.find((name) => isSame(name, deeper)) ?? deeper
  const last = deeper === '' || links.includes(field) ? field : stated
  const isTopic = isItemed && topicFields.test(last)
  const path = [...(part === '' ? [] : [part]), isTopic ? 'Item' : last]
  return links.includes(field) && deeper !== '' ? [...path, stated] : path
}

/** What may stand before the dot. */
const wordsOf = ({ outputs, inputs, words }: YamlClass): readonly string[] => [
  ...[...Object.entries(outputs), ...Object.entries(inputs)].flatMap(([name, { parameter }]) =>
    [name, parameter ?? ''].filter((word) => word !== ''),
  ),
  ...(words ? ['Values'] : []),
  ...ofConnections,
]

/** Whether a plain parameter says where a class reports or listens. */
export const isTopicOf =
  ({ outputs, inputs, isDevice }: YamlClass) =>
  (key: string): boolean =>
    /^(Destination|CommandSrc|StateDest)$/i.test(key) ||
    (isDevice === true && /^Destination\d+$/i.test(key)) ||
    [...Object.values(outputs), ...Object.values(inputs)].some(({ parameter }) => isSame(parameter, key))

/** What is said of a connection is said of each output that goes there. */
const forEachOutput = (leaves: readonly Leaf[]): Leaf[] =>
  leaves.flatMap((leaf) => {
    const [connection, field = ''] = leaf.path
    if (leaf.path.length !== 2 || !/^(Retain|QoS)$/.test(field)) return [leaf]
    const parts = leaves
      .filter(({ path }) => path[0] === connection && /^(StateDest|Item)$/.test(path.at(-1) ?? ''))
      .map(({ path }) => [...path.slice(0, -1), field])
    const own = parts.filter((path) =>
      leaves.every((other) => other === leaf || !isSamePath(other.path, path)),
    )
    return parts.length === 0 ? [leaf] : own.map((path) => ({ ...leaf, path }))
  })
