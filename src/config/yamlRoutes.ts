import * as z from 'zod'
import { deliveryOf, deliverySchema } from '../plugin/deliveryFields.js'
import { boolean, field } from '../fields/fields.js'
import { nearest, type Problem, problemAt } from '../fields/problems.js'
import { destination } from '../fields/topicFields.js'
import { unknownAmong } from './checks.js'
import type { IniOption } from './ini.js'
import type { Parameter } from './sections.js'
import type { LinkRule, StatedCommand, StatedReading, StatedRoutes } from './routes.js'
import { readOtherwiseDoubt, validate } from './validate.js'
import { mapOf, nounOf, type YamlEntry, type YamlMap, type YamlValue } from './yaml.js'
import type { Input, Output, YamlClass } from './yamlClasses.js'
import { readOtherwise } from './yamlScalars.js'

/** A section whose routes are read. */
export interface Device {
  readonly section: string
  readonly line: number
  readonly yamlClass: YamlClass
  /** The topic of ours below which it reports. */
  readonly topic: string
  /** What stands below `Connections` and at `Values`. */
  readonly connections: YamlEntry | undefined
  readonly values: YamlEntry | undefined
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
  Retain: deliverySchema.shape.Retain,
  QoS: deliverySchema.shape.QoS,
}

const commandFields = { CommandSrc: destination.optional().describe('where commands come from') }

const item = field('the name of an Item, of letters, digits and _', (text) =>
  /^\w+$/.test(text) ? text : undefined,
)

const itemFields = { Item: item.optional().describe('the Item, for its state and for commands') }

const reconnectSchema = deliverySchema.pick({ SendReadings: true, NumberOfReadings: true })

const lostSchema = z.object({
  ChangeState: boolean.prefault('NO').describe('whether it takes TargetState'),
  TargetState: field('a command', (text) => (text === '' ? undefined : text))
    .optional()
    .describe('the command that it then gets'),
})

const foundSchema = lostSchema.extend({
  ResumeLastState: boolean.prefault('NO').describe('whether it takes the last state again'),
})

/** Reads what a section says of its connections: what goes where, and where commands come from. */
export async function readRoutes(device: Device): Promise<DeviceRoutes> {
  const { section, line, yamlClass, topic, connections } = device
  const { outputs, inputs } = yamlClass
  const problems: Problem[] = []
  const fail = (
    place: { line: number; key?: string },
    message: string,
    severity: Problem['severity'] = 'error',
  ) => problems.push(problemAt({ section, ...place }, severity, message))

  const readings: StatedReading[] = []
  const commands: StatedCommand[] = []
  const links: LinkRule[] = []
  const ownOf = ({ topic: below }: Output | Input) => (below === '' ? topic : `${topic}/${below}`)
  const wordsOf = readValues(device, fail)

  const read = async <Shape extends z.ZodRawShape>(map: YamlMap, schema: z.ZodObject<Shape>) => {
    const found = await readFields(device, map, schema)
    problems.push(...found.problems)
    return found.options
  }
  const addCommand = (input: Input, connection: string, source: string, line: number, key: string) => {
    const own = input.several ? `${ownOf(input)}/${commands.length + 1}` : ownOf(input)
    commands.push({ own, connection, source, line, key, ...(input.several && { shared: true }) })
  }
  /** Of one output or input over one connection. */
  const readPart = async (name: string, map: YamlMap, connection: string, offline: object) => {
    const output = outputs[name] ?? topicOutput(yamlClass, name)
    const input = inputs[name]
    const add = async (fields: YamlMap) => {
      const said = await read(
        fields,
        z.object({
          ...(device.itemed.has(connection) ? itemFields : output && { StateDest: readingFields.StateDest }),
          ...(output && { Retain: readingFields.Retain, QoS: readingFields.QoS }),
        }),
      )
      const { StateDest, Item, Retain, QoS } = (said ?? {}) as Partial<
        z.output<z.ZodObject<typeof readingFields & typeof itemFields>>
      >
      const to = StateDest ?? Item
      if (Item !== undefined && input) addCommand(input, connection, Item, fields.line, 'Item')
      if (to === undefined || !output) return
      const delivery = deliveryOf({
        ...offline,
        ...(Retain !== undefined && { Retain }),
        ...(QoS !== undefined && { QoS }),
      })
      const words = output.words && wordsOf(connection)
      readings.push({
        own: ownOf(output),
        connection,
        destination: to,
        ...(delivery && { delivery }),
        ...(words && { words }),
      })
    }
    const isCommand = ({ key }: YamlEntry) => key === 'CommandSrc' && input !== undefined
    const rest = { ...map, entries: map.entries.filter((entry) => !isCommand(entry)) }
    for (const each of eachOf(rest, 'StateDest')) await add(each)
    for (const entry of map.entries.filter(isCommand))
      for (const each of eachOf({ ...map, entries: [entry] }, 'CommandSrc')) {
        const said = await read(each, z.object(commandFields))
        if (input && said?.CommandSrc !== undefined)
          addCommand(input, connection, said.CommandSrc, each.entries[0]?.line ?? map.line, 'CommandSrc')
      }
  }
  const isFlat = '' in outputs
  const known = [...new Set([...Object.keys(outputs), ...Object.keys(inputs)])]
  const readConnection = async ({ key: connection, value }: YamlEntry, map: YamlMap) => {
    const isLink = ({ key }: YamlEntry) => /^Connection(On|EnabledSchedule)/.test(key)
    const link = (name: string) => {
      const entry = map.entries.find(({ key }) => key === name)
      const below = entry && mapOf(entry.value)
      if (entry && !below)
        fail({ line: entry.line, key: name }, `expected parameters below it, got ${nounOf(entry.value)}`)
      return below
    }
    const offline = device.isActuator ? {} : await readReconnect(link('ConnectionOnReconnect'))
    if (device.isActuator)
      await readLinks(connection, link('ConnectionOnDisconnect'), link('ConnectionOnReconnect'))
    for (const { key, line } of map.entries.filter(isLink)) {
      if (key === 'ConnectionEnabledSchedule')
        fail({ line, key }, 'this does nothing, as in the Python program', 'warning')
      else if (!linkKeys(device.isActuator).includes(key))
        fail(
          { line, key },
          `unknown parameter, known are ${linkKeys(device.isActuator).join(', ')}`,
          device.unknown,
        )
    }
    const parts = map.entries.filter((entry) => !isLink(entry))
    if (isFlat) await readPart('', { ...map, line: value.line, entries: parts }, connection, offline)
    for (const entry of isFlat ? [] : parts) {
      const below = mapOf(entry.value)
      const isKnown = entry.key in outputs || entry.key in inputs || topicOutput(yamlClass, entry.key)
      if (!isKnown) {
        const place = { line: entry.line, key: entry.key }
        if (['StateDest', 'CommandSrc', 'Item', 'Retain'].includes(entry.key))
          fail(place, `expected it one level deeper, below what is meant: ${known.join(', ')}`)
        else fail(place, `${device.section} has no such output, ${meant(entry.key, known)}`, device.unknown)
      } else if (!below)
        fail({ line: entry.line, key: entry.key }, `expected parameters below it, got ${nounOf(entry.value)}`)
      else await readPart(entry.key, below, connection, offline)
    }
  }
  const readReconnect = async (map: YamlMap | undefined) => (map && (await read(map, reconnectSchema))) ?? {}
  const readLinks = async (connection: string, lost: YamlMap | undefined, found: YamlMap | undefined) => {
    const input = inputs['']
    const state = (said: z.output<typeof lostSchema> | undefined, map: YamlMap | undefined) => {
      if (said?.ChangeState && said.TargetState === undefined && map)
        fail(
          { line: map.line, key: 'TargetState' },
          'missing, ChangeState needs it: the command that it then gets',
        )
      return said?.ChangeState ? said.TargetState : undefined
    }
    const onLost = lost && (await read(lost, lostSchema))
    const onFound = found && (await read(found, foundSchema))
    const [lostState, foundState] = [state(onLost, lost), state(onFound, found)]
    if (!input || ((lostState ?? foundState) === undefined && !onFound?.ResumeLastState)) return
    links.push({
      connection,
      own: ownOf(input),
      ...(lostState !== undefined && { lost: lostState }),
      ...(foundState !== undefined && { found: foundState }),
      ...(onFound?.ResumeLastState && foundState === undefined && { resume: true }),
    })
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
  const stated: { name: string; line: number }[] = []
  for (const entry of map?.entries ?? []) {
    stated.push({ name: entry.key, line: entry.line })
    const below = mapOf(entry.value)
    if (below) await readConnection(entry, below)
    else
      fail(
        { line: entry.line, key: entry.key },
        `expected what goes where below it, got ${nounOf(entry.value)}`,
      )
  }
  const options = parametersFor(device, readings, commands, ownOf)
  for (const [name, { several }] of Object.entries(inputs))
    if (several && map && commands.every(({ shared }) => !shared))
      fail(
        { line, key: name },
        'missing, it is required: CommandSrc below it, with one topic or a list of them',
      )
  if (map && readings.length === 0 && commands.length === 0)
    fail(
      { line, key: 'Connections' },
      'no StateDest or CommandSrc is below it: nothing is published or obeyed',
      'warning',
    )
  return { routes: { connections: stated, readings, commands, links }, options, problems }
}

const linkKeys = (isActuator: boolean) => [
  ...(isActuator ? ['ConnectionOnDisconnect'] : []),
  'ConnectionOnReconnect',
]

const meant = (word: string, known: readonly string[]) => {
  const near = nearest(word, known)
  return near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`
}

/** What a device says beside what the Python program knows goes by the name of its topic. */
export const topicOutput = ({ isDevice, outputs }: YamlClass, name: string): Output | undefined => {
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
  const isUsed = (part: Output | Input) =>
    !part.optional ||
    [...readings, ...commands].some(({ own }) => own === ownOf(part)) ||
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

/** A map for each item where a list stands at a key. */
function eachOf(map: YamlMap, name: string): YamlMap[] {
  const list = map.entries.find(({ key }) => key === name)?.value
  if (list?.kind !== 'list') return [map]
  return list.items.map((value) => ({
    ...map,
    entries: map.entries.map((entry) => (entry.key === name ? { ...entry, value, line: value.line } : entry)),
  }))
}

/** Reads a map of single values, as the parameters of a section are read. */
async function readFields<Shape extends z.ZodRawShape>(
  { section, unknown }: Device,
  map: YamlMap,
  schema: z.ZodObject<Shape>,
) {
  const parameters = map.entries.flatMap(({ key, line, value }): Parameter[] =>
    value.kind === 'text'
      ? [
          {
            section,
            key,
            as: key,
            line,
            text: value.text,
            secret: false,
            faults: [],
            doubts: [],
            ...otherwiseOf(value),
          },
        ]
      : [],
  )
  const texts = new Map(parameters.map((parameter) => [parameter.key, parameter]))
  const place = { name: section, line: map.line, parameters: texts, exact: true as const }
  const { options, problems } = await validate(place, schema)
  const others = map.entries
    .filter(({ key, value }) => key in schema.shape && value.kind !== 'text')
    .map(({ key, line, value }) =>
      problemAt({ section, line, key }, 'error', `expected a single value, got ${nounOf(value)}`),
    )
  const stated = map.entries.map((entry) => ({ ...entry, section, as: entry.key }))
  return {
    options,
    problems: [...problems, ...others, ...unknownAmong(stated, Object.keys(schema.shape), unknown, true)],
  }
}

/** What others read in place of a text. */
export const otherwiseOf = ({ text, plain }: { readonly text: string; readonly plain: boolean }) => {
  const otherwise = plain ? readOtherwise(text) : undefined
  return otherwise && { otherwise }
}

/** The words of `Values` for a connection, in place of those of the class. */
function readValues(
  { values, yamlClass: { words } }: Device,
  fail: (place: { line: number; key?: string }, message: string, severity?: Problem['severity']) => void,
): (connection: string) => Readonly<Record<string, string>> | undefined {
  if (!values || !words) return () => undefined
  const pairOf = (value: YamlValue, line: number) => {
    const texts =
      value.kind === 'list' ? value.items.flatMap((each) => (each.kind === 'text' ? [each] : [])) : []
    const [first, second] = texts
    if (!first || !second || texts.length !== 2 || value.kind !== 'list' || value.items.length !== 2) {
      fail(
        { line, key: values.key },
        `expected two texts, such as ['${words.join("', '")}'], got something else`,
      )
      return undefined
    }
    for (const text of [first, second]) {
      const otherwise = otherwiseOf(text)?.otherwise
      if (otherwise) fail({ line: text.line, key: values.key }, readOtherwiseDoubt(otherwise.as), 'warning')
    }
    return { [words[0]]: first.text, [words[1]]: second.text }
  }
  if (values.value.kind !== 'map') {
    const all = pairOf(values.value, values.line)
    return () => all
  }
  const pairs = new Map(values.value.entries.map(({ key, value, line }) => [key, pairOf(value, line)]))
  return (connection) => pairs.get(connection) ?? pairs.get('DEFAULT')
}
