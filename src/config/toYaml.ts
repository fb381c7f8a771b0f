import { Document, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { boolean, text as words } from '../fields/fields.js'
import { escapeControls, type Problem } from '../fields/problems.js'
import { deliverySchema } from '../plugin/deliveryFields.js'
import type { ClassTable } from './classes.js'
import { commentsOf } from './comments.js'
import { dottedDevice, isTopicOf } from './dottedRoutes.js'
import { type IniSection, parseIni } from './ini.js'
import { type Connections, connectionsIn, deviceIn, isSame } from './iniDevices.js'
import { textOf, treeOf } from './leaves.js'
import { plainRoutes } from './plainRoutes.js'
import { loggingSchema } from './settings.js'
import { nameIn, type Shape, shapeOf } from './shapes.js'
import { type AnySchema, isOtherwise } from './validate.js'
import type { YamlEntry, YamlValue } from './yaml.js'
import { readOtherwise } from './yamlScalars.js'
import { type DeviceSection, localSpellings } from './yamlSections.js'

/**
 * Writes an ini file as a YAML file of the Python program that does the same; what that cannot say is a comment at its place. Secrets
 * stay as they are written. Never throws: what cannot be read is among the problems.
 */
export async function toYaml(
  text: string,
  classes: ClassTable,
): Promise<{ readonly text: string; readonly problems: readonly Problem[] }> {
  const { sections, problems } = parseIni(text)
  const found = [...problems]
  const file = connectionsIn(sections)
  const comments = commentsOf(text)
  const defaults = sections.find(({ name }) => name === 'DEFAULT')?.options ?? []
  const shapes = new Map<string, Shape>()
  for (const { name, options } of sections)
    shapes.set(
      name,
      await shapeOf(name, options.find(({ key }) => isSame(key, 'Class'))?.value ?? '', classes),
    )
  const headers = new Map(sections.map(({ name, line }) => [name, comments.above(line)]))
  const notes: string[] = []
  const devices = new Map(sections.map((section) => [section.name, deviceIn(section, sections)]))
  /** What of `[DEFAULT]` stands in the sections themselves. */
  const isMoved = (key: string) =>
    /^(Connection|Values|Retain|SendReadings|NumberOfReadings|Name)$/i.test(key) ||
    [...devices.values()].some((device) => device && isTopicOf(device.yamlClass)(key))

  const root = new YAMLMap<Scalar, YAMLMap>()
  const add = async (section: string, entries: readonly YamlEntry[], shape: Shape) => {
    const above = notes.splice(0)
    const pair = pairOf(section, await mapOf(entries, shape, comments.above), above)
    pair.key.spaceBefore = root.items.length > 0
    root.items.push(pair)
  }

  if (sections.every(({ name }) => name !== 'Logging'))
    await add('Logging', entriesOf(loggingOf([])), loggingSchema.shape)
  for (const [index, section] of sections.entries()) {
    const { name, options } = section
    const count = root.items.length
    notes.push(...(headers.get(name) ?? []))
    const shape = shapes.get(name) ?? {}
    const device = devices.get(name)
    if (device) {
      const isPlain = options.every(({ key }) => !key.includes('.'))
      const [first, ...others] = singleDevices(device).map((each) => ({
        name: each.name,
        entries: yamlEntries(each, file, found, notes, shape),
      }))
      if (first?.entries && device.yamlClass.isDevice && isPlain) notes.push(ofDevices)
      else if (!first?.entries) notes.push(` [${escapeControls(name)}] ${ofStrangers}`)
      for (const { name, entries } of [...(first ? [first] : []), ...others])
        if (entries) await add(name, entries, shape)
    } else if (name === 'DEFAULT') {
      const own = options.filter(({ key }) => !isMoved(key))
      const knownTo = [...devices].flatMap(([name, device]) =>
        device ? Object.entries(shapes.get(name) ?? {}) : [],
      )
      const known = Object.fromEntries(knownTo)
      const isElsewhere = (key: string) =>
        [...shapes.values()].some((other) => nameIn(other, key) !== undefined)
      const left = own.filter(({ key }) => nameIn(known, key) !== undefined || !isElsewhere(key))
      if (left.length > 0) await add(name, cased(entriesOf(left), known), known)
    } else {
      const inherited = defaults.filter(
        ({ key }) => nameIn(shape, key) !== undefined && !options.some((option) => isSame(option.key, key)),
      )
      const all = [...options, ...inherited]
      const className = options.find(({ key }) => isSame(key, 'Class'))?.value
      const spelt = new Map([...localSpellings(className)].map(([original, ours]) => [ours, original]))
      const entries = cased(entriesOf(name === 'Logging' ? loggingOf(all) : all), shape)
      await add(
        name,
        entries.map((entry) => ({ ...entry, key: spelt.get(entry.key) ?? entry.key })),
        shape,
      )
    }
    // Such as those above what stands below Connections now.
    const left = comments.left(sections[index + 1]?.line)
    const last = root.items.length > count ? root.items.at(-1)?.value : undefined
    if (last && left.length > 0) last.comment = left.join('\n')
    else notes.push(...left)
  }
  const document = new Document(root, { schema: 'failsafe', version: '1.1' })
  if (notes.length > 0) document.comment = notes.join('\n')
  return { text: document.toString({ lineWidth: 0, singleQuote: true }), problems: found }
}

const cased = (entries: readonly YamlEntry[], shape: Shape): YamlEntry[] =>
  entries.map((entry) => ({ ...entry, key: nameIn(shape, entry.key) ?? entry.key }))

const entriesOf = (options: IniSection['options']): YamlEntry[] =>
  options.map(({ key, value, line }) => ({
    ...{ key, line, anchored: false },
    value: { kind: 'text', line, text: value, plain: true },
  }))

/** What an ini file logs to without saying so. */
function loggingOf(options: IniSection['options']): IniSection['options'] {
  const valueOf = (name: string) => options.find(({ key }) => isSame(key, name))?.value
  const preset = (key: string, value: string) => (valueOf(key) === undefined ? [{ key, value, line: 0 }] : [])
  const isToSyslog = boolean.safeParse(valueOf('Syslog')).data
  const isToFile = valueOf('File') !== undefined
  return [
    ...options,
    ...preset('Syslog', 'no'),
    ...(isToSyslog ? [] : preset('File', '')),
    ...(isToFile ? [...preset('MaxSize', '10485760'), ...preset('NumFiles', '5')] : []),
  ]
}

/** A section of several devices that are heard, as one for each: more than one cannot be said. */
function singleDevices(device: DeviceSection): DeviceSection[] {
  const { name, stated, yamlClass } = device
  const numbers = stated.flatMap(({ key }) => /^Address(\d+)$/i.exec(key)?.[1] ?? [])
  if (!yamlClass.isDevice || numbers.length === 0) return [device]
  const places = numbers.map((number) => stated.find(({ key }) => isSame(key, `Destination${number}`)))
  const words = places.map((place) => /[\w-]*$/.exec(place ? textOf(place.value) : '')?.[0] ?? '')
  return numbers.map((number, index) => {
    const word = words[index] ?? ''
    const isOwn = word !== '' && words.filter((other) => other === word).length === 1
    const single = numbers.length === 1 ? name : `${name}_${isOwn ? word : number}`
    const entries = stated.flatMap((entry) => {
      const [, stem = '', of] = /^(.*\D)(\d+)$/.exec(entry.key) ?? []
      const isOfOne = /^(Address|Destination|Offset|Key|Medium)$/i.test(stem)
      const section = entry.section === name ? single : entry.section
      if (!isOfOne) return [{ ...entry, section }]
      return of === number ? [{ ...entry, section, key: `${stem}1` }] : []
    })
    return { ...device, name: single, stated: entries }
  })
}

const ofDevices = ' What else a device says goes by the name of its topic, such as co2: { StateDest: … }.'

const ofStrangers =
  'reports whoever is in range. That cannot be said here: a device needs a section of its own, with its Address.'

/** What a section says, as it is written in a YAML file; nothing, where no such file can say it. */
function yamlEntries(
  device: DeviceSection,
  file: Connections,
  found: Problem[],
  notes: string[],
  shape: Shape,
): YamlEntry[] | undefined {
  const { name, line, yamlClass, stated } = device
  const { isDevice, renamed = new Map<string, string>() } = yamlClass
  const dotted = dottedDevice(device, file, 'warning', found)
  const plain = plainRoutes(device, file)
  if (!dotted && isDevice && !stated.some(({ key }) => isSame(key, 'Address1'))) return undefined
  if (!dotted)
    for (const { connection, item } of plain.unsaid)
      notes.push(
        ` [${escapeControls(name)}] also sets the Item ${escapeControls(item)} over ${escapeControls(connection)}. That cannot be said here: an Item has both states and commands.`,
      )
  const own = (dotted?.stated ?? plain.others).filter(
    ({ key, section }) => section === name && !/^(Connections|Values)$/.test(key),
  )
  const parameters = cased(own, { ...shape, ...yamlClass.only }).map((entry) => ({
    ...entry,
    key: [...renamed].find(([, as]) => isSame(as, entry.key))?.[0] ?? entry.key,
  }))
  const place = { line: 0, anchored: false }
  const said = (key: string) => dotted?.stated.find((entry) => entry.key === key)?.value
  const values = dotted ? said('Values') : plain.values
  const presets = Object.keys(yamlClass.presets ?? {}).filter(
    (preset) => !parameters.some(({ key }) => key === preset),
  )
  return [
    ...nested(parameters),
    ...presets.map((key) => ({ ...place, key, value: presetOf(shape[key]) })),
    ...(values ? [{ ...place, key: 'Values', value: withoutDefault(values) }] : []),
    { ...place, key: 'Connections', value: said('Connections') ?? treeOf(plain.leaves, line) },
  ]
}

/** What a parameter is in an ini file that does not state it. */
function presetOf(schema: Shape[string] | undefined): YamlValue {
  const { def = {} } = (schema ?? {}) as Partial<AnySchema>
  return { kind: 'text', line: 0, text: String(def.defaultValue), plain: true }
}

/** Values that are for all connections need not be by connection. */
function withoutDefault(values: YamlValue): YamlValue {
  const [only, another] = values.kind === 'map' ? values.entries : []
  return only?.key === 'DEFAULT' && !another ? only.value : values
}

/** `Pin.Red = 12` is `Pin: {Red: 12}`. */
const nested = (entries: readonly YamlEntry[]): readonly YamlEntry[] =>
  treeOf(
    entries.map(({ key, line, value }) => ({ path: key.split('.'), line, value })),
    0,
  ).entries

type Above = (line: number) => readonly string[]

async function mapOf(
  entries: readonly YamlEntry[],
  shape: Shape,
  above: Above,
  whole = '',
): Promise<YAMLMap<Scalar, Node>> {
  const map = new YAMLMap<Scalar, Node>()
  for (const { key, line, value } of entries)
    map.items.push(pairOf(key, await nodeOf(`${whole}${key}`, value, shape), above(line)))
  return map
}

function pairOf<Value extends Node>(
  key: string,
  value: Value,
  above: readonly string[],
): Pair<Scalar, Value> {
  const pair = new Pair(scalarOf(key, readOtherwise(key) !== undefined), value)
  if (above.length > 0) pair.key.commentBefore = above.join('\n')
  return pair
}

/** What stands at a key, in quotes where the Python program would not take it for what it is. */
async function nodeOf(key: string, value: YamlValue, shape: Shape): Promise<Node> {
  if (value.kind === 'map') {
    const below = key === 'Connections' ? routeShape : shape
    const map = await mapOf(value.entries, below, () => [], below === routeShape ? '' : `${key}.`)
    map.flow = value.entries.every((entry) => entry.value.kind !== 'map')
    return map
  }
  if (value.kind === 'list') {
    const list = new YAMLSeq<Node>()
    list.flow = true
    list.items = await Promise.all(value.items.map((item) => nodeOf('text', item, { text: words })))
    return list
  }
  const { text } = value
  const schema = shape[nameIn(shape, key) ?? ''] as Partial<AnySchema> | undefined
  const otherwise = readOtherwise(text)
  const isText = otherwise && typeof (await schema?.safeParseAsync?.(text))?.data === 'string'
  return scalarOf(text, isText === true || (await isOtherwise({ text, otherwise }, schema)))
}

/** What stands below `Connections`. */
const routeShape: Shape = {
  ...deliverySchema.shape,
  ...{ StateDest: words, CommandSrc: words, Item: words, TargetState: words },
  ...{ ChangeState: boolean, ResumeLastState: boolean },
}

function scalarOf(text: string, isQuoted: boolean): Scalar {
  const scalar = new Scalar(text)
  if (/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/u.test(text)) scalar.type = 'QUOTE_DOUBLE'
  else if (isQuoted || text === '') scalar.type = 'QUOTE_SINGLE'
  return scalar
}
