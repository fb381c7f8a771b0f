import * as z from 'zod'
import { nearest, type Problem } from '../fields/problems.js'
import { destination, item } from '../fields/topicFields.js'
import { deliveryOf, deliverySchema } from '../plugin/deliveryFields.js'
import { advice } from './checks.js'
import type { IniOption } from './ini.js'
import type { LinkRule, StatedCommand, StatedReading, StatedRoutes } from './routes.js'
import { readOtherwiseDoubt } from './validate.js'
import { mapOf, nounOf, type YamlEntry, type YamlMap, type YamlValue } from './yaml.js'
import type { Input, Output, YamlClass } from './yamlClasses.js'
import { eachOf, type FieldReader, fieldReader, type Stated } from './yamlFields.js'
import { isLink, readLinks, readReconnect } from './yamlLinks.js'
import { otherwiseOf } from './yamlScalars.js'

/** A section whose routes are read. */
export interface Device {
  readonly section: string
  readonly line: number
  readonly yamlClass: YamlClass
  /** The topic of ours below which it reports. */
  readonly topic: string
  /** What stands below `Connections` and at `Values`. */
  readonly connections: YamlEntry | undefined
  readonly values: Stated | undefined
  readonly isActuator: boolean
  /** The connections that speak of Items. */
  readonly itemed: ReadonlySet<string>
  /** How severe it is what is not understood. */
  readonly unknown: Problem['severity']
}

/** Where a section reports, for the class and for each connection. */
interface DeviceRoutes {
  readonly routes: Omit<StatedRoutes, 'name' | 'added' | 'hidden'>
  /** The parameters of ini files that say where the class reports and listens. */
  readonly options: readonly IniOption[]
  readonly problems: readonly Problem[]
}

const readingFields = {
  StateDest: destination.optional().describe('where it is reported'),
  Item: item.optional().describe('the Item, for its state and for commands'),
  Retain: deliverySchema.shape.Retain,
  QoS: deliverySchema.shape.QoS,
}

const commandSchema = z.object({
  CommandSrc: destination.optional().describe('where commands come from'),
})

/** Reads what a section says of its connections: what goes where, and where commands come from. */
export async function readRoutes(device: Device): Promise<DeviceRoutes> {
  const { section, line, yamlClass, topic, connections, isActuator } = device
  const { outputs, inputs } = yamlClass
  const reader = fieldReader(section, device.unknown)
  const { fail, read, below } = reader

  const stated: { name: string; line: number; key: string }[] = []
  const readings: StatedReading[] = []
  const commands: StatedCommand[] = []
  const links: LinkRule[] = []
  const ownOf = ({ topic: last }: Output | Input) => (last === '' ? topic : `${topic}/${last}`)
  const wordsOf = readValues(device, reader)

  /** Of one output or input over one connection. */
  const readPart = async (name: string, map: YamlMap, connection: string, offline: object) => {
    const output = outputOf(yamlClass, name)
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined
    const isItemed = device.itemed.has(connection)
    const listen = (source: string, place: { readonly line: number }, key: string) => {
      if (!input) return
      const own = input.several ? `${ownOf(input)}/${commands.length + 1}` : ownOf(input)
      commands.push({
        ...{ own, connection, source, line: place.line, key },
        ...(input.several && { shared: true }),
      })
    }
    const isCommand = ({ key }: YamlEntry) => key === 'CommandSrc' && input !== undefined && !isItemed
    const { StateDest, Item, ...delivered } = readingFields
    const schema = z.object({
      ...(isItemed ? { Item } : output && { StateDest }),
      ...(output && delivered),
    })
    const rest = { ...map, entries: map.entries.filter((entry) => !isCommand(entry)) }
    for (const each of eachOf(rest, 'StateDest')) {
      const said = ((await read(each, schema)) ?? {}) as Partial<z.output<z.ZodObject<typeof readingFields>>>
      if (said.Item !== undefined) listen(said.Item, each, 'Item')
      const to = said.StateDest ?? said.Item
      if (to === undefined || !output) continue
      const delivery = deliveryOf({ ...offline, Retain: said.Retain, QoS: said.QoS })
      const words = output.words && wordsOf(connection)
      readings.push({
        ...{ own: ownOf(output), connection, destination: to },
        ...(delivery && { delivery }),
        ...(words && { words }),
      })
    }
    for (const entry of map.entries.filter(isCommand))
      for (const each of eachOf({ ...map, entries: [entry] }, 'CommandSrc')) {
        const said = await read(each, commandSchema)
        if (said?.CommandSrc !== undefined)
          listen(said.CommandSrc, each.entries[0] ?? map, entry.written ?? 'CommandSrc')
      }
  }

  const known = [...new Set([...Object.keys(outputs), ...Object.keys(inputs)])]
  const readConnection = async ({ key: connection, value }: YamlEntry, map: YamlMap) => {
    const offline = isActuator ? {} : ((await readReconnect(map, reader)) ?? {})
    const rule = isActuator ? await readLinks(map, reader) : undefined
    if (rule && inputs['']) links.push({ connection, own: ownOf(inputs['']), ...rule })
    else if (rule)
      fail(
        { line: value.line, key: connection },
        'what is to be when it is lost or found does nothing: the class takes commands for single inputs only',
        'warning',
      )
    const parts = map.entries.filter((entry) => !isLink(entry))
    const isKnown = ({ key }: YamlEntry) =>
      Object.hasOwn(inputs, key) || outputOf(yamlClass, key) !== undefined
    const others = parts.filter((entry) => !isKnown(entry))
    if ('' in outputs) await readPart('', { ...map, line: value.line, entries: others }, connection, offline)
    else
      for (const { key, line, written = key } of others)
        if (['StateDest', 'CommandSrc', 'Item', 'Retain'].includes(key))
          fail(
            { line, key: written },
            `expected it one level deeper, below what is meant: ${known.join(', ')}`,
          )
        else fail({ line, key }, `${section} has no such output, ${advice(key, known)}`, device.unknown)
    for (const entry of parts.filter(isKnown)) {
      const part = below(entry)
      if (part) await readPart(entry.key, part, connection, offline)
    }
  }

  const map = connections && mapOf(connections.value)
  if (!connections)
    fail(
      { line, key: 'Connections' },
      'missing, it is required: the names of connections, and below each what goes where',
    )
  else if (!map)
    fail(
      { line: connections.line, key: 'Connections' },
      `expected the names of connections, with what goes where below each, got ${nounOf(connections.value)}: write house: {…} in place of - house`,
    )
  for (const entry of map?.entries ?? []) {
    stated.push({ name: entry.key, line: entry.line, key: entry.written ?? 'Connections' })
    const part = below(entry, 'what goes where')
    if (part) await readConnection(entry, part)
  }
  const written = connections?.written
  for (const [name, { several }] of Object.entries(inputs))
    if (several && map && commands.every(({ shared }) => !shared))
      fail(
        { line, key: name },
        written === undefined
          ? 'missing, it is required: CommandSrc below it, with one topic or a list of them'
          : `missing, it is required: ${name}.NAME of a connection, with one topic or several with commas between them`,
      )
  if (map && readings.length === 0 && commands.length === 0)
    fail(
      { line, key: written ?? 'Connections' },
      written !== undefined
        ? 'no topic is said: nothing is published or obeyed'
        : 'no StateDest or CommandSrc is below it: nothing is published or obeyed',
      'warning',
    )
  return {
    routes: { connections: stated, readings, commands, links },
    options: parametersFor(device, readings, commands, ownOf),
    problems: reader.problems,
  }
}

/** What goes by a name; what a device says beside what the Python program knows goes by the name of its topic. */
export function outputOf({ isDevice, outputs }: YamlClass, name: string): Output | undefined {
  if (Object.hasOwn(outputs, name)) return outputs[name]
  const isTopic = isDevice && /^[a-z0-9_]+(\/[a-z0-9_]+)*$/.test(name)
  const isOwn = Object.values(outputs).some(({ topic }) => topic === name)
  return isTopic && (isOwn || nearest(name, Object.keys(outputs)) === undefined) ? { topic: name } : undefined
}

/** What the class is told: its topics of ours. */
function parametersFor(
  { yamlClass: { outputs, inputs, given }, topic, line }: Device,
  readings: readonly StatedReading[],
  commands: readonly StatedCommand[],
  ownOf: (part: Output | Input) => string,
): IniOption[] {
  const parts = Object.values(outputs)
  const isRouted = (part: Output | Input | undefined) =>
    part !== undefined && [...readings, ...commands].some(({ own }) => own === ownOf(part))
  const isUsed = (part: Output | Input) =>
    isRouted(part) ||
    !(part.optional ?? (part.unless !== undefined && isRouted(outputs[part.unless]))) ||
    // Somebody has to be there for a class that does not go without any.
    (readings.length === 0 && part === parts[0])
  const set = (key: string, value: string) => ({ key, value, line })
  return [
    ...Object.entries(given?.(topic) ?? {}).map(([key, value]) => set(key, value)),
    ...parts.flatMap((part) =>
      part.parameter && isUsed(part) ? [set(part.parameter, part.value ?? ownOf(part))] : [],
    ),
    ...Object.values(inputs).flatMap((part) => {
      if (part.parameter === undefined || !isUsed(part)) return []
      const own = commands.filter(({ shared }) => shared).map((command) => command.own)
      return [set(part.parameter, part.several && own.length > 0 ? own.join(',') : ownOf(part))]
    }),
  ]
}

/** The words of `Values` for a connection, in place of those of the class. */
function readValues(
  { values, connections, yamlClass: { words } }: Device,
  { fail, unknown }: FieldReader,
): (connection: string) => Readonly<Record<string, string>> | undefined {
  if (!values || !words) return () => undefined
  const { section } = values
  const pairOf = (value: YamlValue, line: number) => {
    const items = value.kind === 'list' ? value.items : []
    const texts = items.flatMap((each) => (each.kind === 'text' ? [each] : []))
    const [first, second] = texts
    if (!first || !second || texts.length !== 2 || items.length !== 2) {
      const expected =
        values.written === undefined
          ? `two texts, such as ['${words.join("', '")}']`
          : 'two texts with a comma between them'
      fail({ section, line, key: values.key }, `expected ${expected}, got something else`)
      return undefined
    }
    for (const text of [first, second]) {
      const { otherwise } = otherwiseOf(text) ?? {}
      if (otherwise)
        fail({ section, line: text.line, key: values.key }, readOtherwiseDoubt(otherwise.as), 'warning')
    }
    return { [words[0]]: first.text, [words[1]]: second.text }
  }
  if (values.value.kind !== 'map') {
    const all = pairOf(values.value, values.line)
    return () => all
  }
  const { entries } = values.value
  const names = [
    ...((connections && mapOf(connections.value)?.entries) ?? []).map(({ key }) => key),
    'DEFAULT',
  ]
  for (const { key, line } of entries)
    // In DEFAULT it may be for another section.
    if (section !== 'DEFAULT' && !names.includes(key))
      fail({ line, key }, `there is no such connection below Connections, ${advice(key, names)}`, unknown)
  const pairs = new Map(entries.map(({ key, value, line }) => [key, pairOf(value, line)]))
  return (connection) => pairs.get(connection) ?? pairs.get('DEFAULT')
}
