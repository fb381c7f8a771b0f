import { boolean, names } from '../fields/fields.js'
import { isItem } from '../fields/topicFields.js'
import { isTopicOf } from './dottedRoutes.js'
import { type Connections, isSame } from './iniDevices.js'
import { isSamePath, type Leaf, listIn, pairIn, textOf } from './leaves.js'
import type { YamlList, YamlValue } from './yaml.js'
import type { Input, Output } from './yamlClasses.js'
import type { Stated } from './yamlFields.js'
import type { DeviceSection } from './yamlSections.js'

/** What a section of an ini file says of its connections, in the words of a YAML file, and what it says besides. */
export interface PlainRoutes {
  readonly leaves: readonly Leaf[]
  readonly values: YamlList | undefined
  readonly others: readonly Stated[]
  /** Where states would go, for which a connection has no place beside the Item of its commands. */
  readonly unsaid: readonly { readonly connection: string; readonly item: string }[]
}

/** The routes of a section that has one topic for all of its connections: what it reports and obeys by itself. */
export function plainRoutes(device: DeviceSection, { names: all, itemed, local }: Connections): PlainRoutes {
  const { stated, yamlClass, kind, line } = device
  const { outputs, inputs, words, isDevice } = yamlClass
  const entryOf = (name: string | undefined) => stated.find(({ key }) => isSame(name, key))
  const valueOf = (name: string | undefined) => {
    const entry = entryOf(name)
    return entry && textOf(entry.value)
  }
  /** Where something is reported that has no parameter of its own: below what has one. */
  const bases = [...Object.values<Input>(outputs), ...Object.values(inputs)]
    .map(({ topic, parameter, value }) => ({
      topic,
      text: value === undefined ? valueOf(parameter) : undefined,
    }))
    .concat(isDevice ? [{ topic: '', text: valueOf('Destination1') }] : [])
    .sort((one, other) => other.topic.length - one.topic.length)
  const belowOther = (topic: string) => {
    const base = bases.find(
      (base) => base.text !== undefined && (base.topic === '' || `${topic}/`.startsWith(`${base.topic}/`)),
    )
    const rest = topic.slice(base?.topic.length).replace(/^\//, '')
    return base?.text !== undefined && rest !== '' ? `${base.text}/${rest}` : base?.text
  }
  const destinationOf = (name: string, { parameter, topic, value }: Output) => {
    if (value !== undefined) return boolean.safeParse(valueOf(parameter)).data ? belowOther(topic) : undefined
    return (
      valueOf(parameter ?? (name === '' ? 'StateDest' : undefined)) ??
      (parameter ? undefined : belowOther(topic))
    )
  }

  const leaves: Leaf[] = []
  const unsaid: { connection: string; item: string }[] = []
  const say = (path: readonly string[], from: string | undefined, value: YamlValue) => {
    const earlier = leaves.find((leaf) => isSamePath(leaf.path, path))
    if (earlier && textOf(earlier.value) !== textOf(value) && path.at(-1) === 'Item')
      unsaid.push({ connection: path[0] ?? '', item: textOf(value) })
    if (!earlier) leaves.push({ path, value, line: entryOf(from)?.line ?? 0 })
  }
  const text = (text: string): YamlValue => ({ kind: 'text', line, text, plain: false })
  const said = { ...outputs, ...(isDevice && { temp_f: { topic: 'temp_f' } }) }
  const moved = ['Retain', ...(kind === 'sensors' && !entryOf('Spool') ? links : [])]
  const list = valueOf('Connection')
  for (const connection of list === undefined ? all : (names.safeParse(list).data ?? [])) {
    const isItemed = itemed.has(connection)
    const at = (name: string, field: string) => [connection, ...(name === '' ? [] : [name]), field]
    for (const [name, { parameter, several }] of Object.entries(inputs)) {
      const source = valueOf(parameter)
      if (source !== undefined)
        say(
          at(name, isItemed ? 'Item' : 'CommandSrc'),
          parameter,
          several ? listIn(source, line) : text(source),
        )
    }
    for (const [name, output] of Object.entries<Output>(said)) {
      const to = destinationOf(name, output)
      const isElsewhere = output.local
        ? !local.has(connection)
        : isItemed && !output.parameter && !isItem(to ?? '')
      if (to === undefined || isElsewhere) continue
      say(
        at(name, isItemed ? 'Item' : 'StateDest'),
        output.parameter,
        output.local ? listIn(to, line) : text(to),
      )
      const retain = valueOf('Retain')
      if (retain !== undefined) say(at(name, 'Retain'), 'Retain', text(retain))
    }
    for (const key of moved.slice(1)) {
      const value = valueOf(key)
      if (value !== undefined) say([connection, 'ConnectionOnReconnect', key], key, text(value))
    }
  }
  const values = words && entryOf('Values')
  const isTopic = isTopicOf(yamlClass)
  const isMoved = (key: string) => ['Connection', ...moved].some((name) => isSame(name, key)) || isTopic(key)
  return {
    ...{ leaves, unsaid },
    values: values && pairIn(textOf(values.value), yamlClass, values.line),
    others: stated.filter((entry) => entry !== values && !isMoved(entry.key)),
  }
}

/** What of its readings a sensor says again is said of each connection. */
const links = ['SendReadings', 'NumberOfReadings']
