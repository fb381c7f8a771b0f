import { escapeControls, type Problem } from '../fields/problems.js'
import type { ClassTable } from './classes.js'
import { commentsOf } from './comments.js'
import { type IniSection, parseIni } from './ini.js'
import { type Connections, connectionsIn } from './iniDevices.js'
import { flatten, type Leaf, textOf } from './leaves.js'
import { plainRoutes } from './plainRoutes.js'
import { nameIn, shapeOf } from './shapes.js'
import { textEntry, type YamlValue } from './yaml.js'
import type { Input } from './yamlClasses.js'
import type { Stated } from './yamlFields.js'
import { type DeviceSection, yamlSections } from './yamlSections.js'

/**
 * Writes a YAML file as an ini file that does the same: with one topic for all connections where that says it, else with routes. What
 * cannot be said is a comment at its place. Secrets stay as they are written. Never throws: what cannot be read is among the problems.
 */
export async function toIni(
  text: string,
  classes: ClassTable,
): Promise<{ readonly text: string; readonly problems: readonly Problem[] }> {
  const { sections, problems } = yamlSections(text)
  const comments = commentsOf(text)
  const settings = sections.filter((section): section is IniSection => 'options' in section)
  const file = connectionsIn(settings)
  const shapes = await Promise.all(
    settings.map(({ name, options }) =>
      shapeOf(name, options.find(({ key }) => key === 'Class')?.value ?? '', classes),
    ),
  )
  /** What would reach more than sensors and actuators stands in these themselves. */
  const isMoved = ({ key, section }: { readonly key: string; readonly section?: string | undefined }) =>
    section === 'DEFAULT' && (key === 'Name' || shapes.some((shape) => nameIn(shape, key) !== undefined))

  const marked = (texts: readonly string[]) => texts.map((comment) => `#${comment}`)
  const headers = sections.map(({ line }) => marked(comments.above(line)))
  const blocks = sections.map((section, index) => {
    const above = headers[index] ?? []
    const header = `[${section.name}]`
    if (parseIni(header).sections[0]?.name !== section.name)
      return [...above, '# A section with such a name cannot be said here.']
    const entries: readonly Entry[] =
      'options' in section
        ? section.options
            .filter((option) => !isMoved({ section: section.name, ...option }))
            .map(({ as, key, value, line }) => ({ key: as ?? key, text: value, line }))
        : iniEntries(section, file, isMoved)
    const lines = entries.flatMap((entry) => [...marked(comments.above(entry.line)), iniLine(entry)])
    // Such as those above what stands in keys with dots now.
    lines.push(...marked(comments.left(sections[index + 1]?.line)))
    return [...above, ...(section.name === 'DEFAULT' && entries.length === 0 ? [] : [header]), ...lines]
  })
  return { text: `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`, problems }
}

/** A key and its text; without one it cannot be said. */
interface Entry {
  readonly key: string
  readonly text: string | undefined
  readonly line: number
}

/** As it is written, if it is read as what it is. */
function iniLine({ key, text }: Entry): string {
  const line = `${key} = ${text?.replaceAll('\n', '\n  ') ?? ''}`.trimEnd()
  const [section] = parseIni(`[x]\n${line}`).sections
  const [option, another] = section?.options ?? []
  const isRead = text !== undefined && !another && option?.key === key && option.value === text
  return isRead ? line : `# cannot be said here: ${escapeControls(key)}`
}

function iniEntries(device: DeviceSection, file: Connections, isMoved: (entry: Stated) => boolean): Entry[] {
  const { name, yamlClass, stated } = device
  const { renamed, reversed, words } = yamlClass
  const valueOf = (key: string) => stated.find((entry) => entry.key === key)?.value
  const leaves = flatten(valueOf('Connections')).filter(
    ({ path: [, field = 'ConnectionEnabledSchedule'] }) => field !== 'ConnectionEnabledSchedule',
  )
  const values = words && valueOf('Values')
  const others = stated
    .filter((entry) => entry.section === name || isMoved(entry))
    .filter(({ key }) => key !== 'Connections' && !(words && key === 'Values'))
    .flatMap(({ key, value, line }) =>
      flatten(value).map(({ path, ...leaf }) => ({
        ...leaf,
        key: [renamed?.get(key) ?? key, ...path].join('.'),
        line,
      })),
    )
    .map(({ key, value, line }) => ({ key, text: listed(value), line }))
  const pairOf = (value: YamlValue) =>
    topicsOf(reversed && value.kind === 'list' ? { ...value, items: value.items.toReversed() } : value)
  const valuesIn = (value: YamlValue): Entry[] =>
    value.kind === 'map'
      ? value.entries.map(({ key, value, line }) => ({
          key: key === 'DEFAULT' ? 'Values' : `Values.${key}`,
          text: pairOf(value),
          line,
        }))
      : [{ key: 'Values', text: pairOf(value), line: value.line }]
  const said = [...others, ...(values ? valuesIn(values) : [])]
  return [
    ...said,
    ...(plainEntries(device, leaves, said, file) ?? leaves.map((leaf) => dottedEntry(device, leaf))),
  ]
}

/** The routes with one topic for all connections, where that says the same. */
function plainEntries(
  device: DeviceSection,
  leaves: readonly Leaf[],
  said: readonly Entry[],
  file: Connections,
): Entry[] | undefined {
  const { yamlClass, name, line } = device
  const valueAt = (part: string, ...fields: readonly string[]) => {
    const isThere = ({ path }: Leaf) =>
      path.slice(1, -1).join('\0') === part && fields.includes(path.at(-1) ?? '')
    const found = leaves.find(isThere)
    return found && listed(found.value)
  }
  const { outputs, inputs } = yamlClass
  const entries = [
    ...Object.entries(inputs).map(
      ([part, { parameter }]) => [parameter, valueAt(part, 'CommandSrc', 'Item')] as const,
    ),
    ...Object.entries<Input>(outputs).map(
      ([part, { parameter = part === '' ? 'StateDest' : undefined }]) =>
        [parameter, valueAt(part, 'StateDest', 'Item')] as const,
    ),
    [
      'Retain',
      leaves
        .map(({ path }) => valueAt(path.slice(1, -1).join('\0'), 'Retain'))
        .find((text) => text !== undefined),
    ] as const,
    ...(['SendReadings', 'NumberOfReadings'] as const).map(
      (key) => [key, valueAt('ConnectionOnReconnect', key)] as const,
    ),
    ['Connection', [...new Set(leaves.map(({ path }) => path[0]))].join(', ')] as const,
  ]
    .flatMap(([key, text]) => (key === undefined || text === undefined ? [] : [{ key, text, line: 0 }]))
    // It is where commands come from.
    .filter(
      ({ key, text }, _, all) =>
        key !== 'StateDest' || all.every((other) => other.key !== 'CommandSrc' || other.text !== text),
    )
  const stated = [...said, ...entries].map(({ key, text = '' }) => ({
    ...textEntry(key, text, line),
    section: name,
  }))
  const isWhole = [...Object.values<Input>(outputs), ...Object.values(inputs)].every(
    ({ parameter, optional }) =>
      parameter === undefined || optional || entries.some(({ key }) => key === parameter),
  )
  const isSame = basisOf(plainRoutes({ ...device, stated }, file).leaves) === basisOf(leaves)
  return isWhole && isSame && !yamlClass.isDevice && !said.some(({ key }) => key.startsWith('Values.'))
    ? entries
    : undefined
}

const basisOf = (leaves: readonly Leaf[]) =>
  JSON.stringify(leaves.map(({ path, value }) => JSON.stringify([path, textsIn(value)])).sort())

/** What is said of one connection, with dots. */
function dottedEntry({ yamlClass: { outputs, inputs } }: DeviceSection, { path, value, line }: Leaf): Entry {
  const [connection = '', ...places] = path
  const field = places.at(-1) ?? ''
  const part = places.slice(0, -1).join('.')
  const isTopic = /^(StateDest|CommandSrc|Item)$/.test(field)
  const { parameter = field === 'CommandSrc' ? field : 'StateDest' } =
    (field === 'CommandSrc' ? inputs : outputs)[part] ?? {}
  const what = part !== '' ? part : field === 'Item' ? field : parameter
  return {
    key: [what, connection, ...(isTopic ? [] : [field])].join('.'),
    text: isTopic ? topicsOf(value) : listed(value),
    line,
  }
}

const textsIn = (value: YamlValue) => (value.kind === 'list' ? value.items : [value]).map(textOf)

/** Several texts have commas between them. */
const listed = (value: YamlValue): string => textsIn(value).join(', ')

/** The same, where a text may have none itself. */
function topicsOf(value: YamlValue): string | undefined {
  const texts = textsIn(value)
  const isSaid = texts.every((text) => text !== '' && !text.includes(',') && text.trim() === text)
  return isSaid ? texts.join(', ') : undefined
}
