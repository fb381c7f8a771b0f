import type { IniSection } from './ini.js'
import { sectionPrefix } from './sections.js'
import { textEntry, type YamlEntry } from './yaml.js'
import { yamlClassOf } from './yamlClasses.js'
import type { Stated } from './yamlFields.js'
import { type DeviceSection, kindOf } from './yamlSections.js'

/** The connections of an ini file, by name. */
export interface Connections {
  readonly names: readonly string[]
  /** Those that speak of Items, and those that stay within the program. */
  readonly itemed: ReadonlySet<string>
  readonly local: ReadonlySet<string>
}

/** The connections of the sections of an ini file. */
export function connectionsIn(sections: readonly IniSection[]): Connections {
  const stated = sections
    .filter(({ name }) => name.startsWith(sectionPrefix.connections))
    .map(
      ({ options }) =>
        (key: string) =>
          options.find((option) => isSame(option.key, key))?.value ?? '',
    )
  const named = (pattern: RegExp) =>
    stated.filter((value) => pattern.test(value('Class'))).map((value) => value('Name'))
  return {
    names: stated.map((value) => value('Name')),
    itemed: new Set(named(/\.OpenhabREST$/)),
    local: new Set(named(/\.LocalConnection$/)),
  }
}

/** A section of an ini file that makes or obeys something, with what it has of `[DEFAULT]`. */
export function deviceIn(
  { name, line, options }: IniSection,
  sections: readonly IniSection[],
): DeviceSection | undefined {
  const kind = kindOf(name)
  if (kind === undefined || kind === 'connections') return undefined
  const defaults = sections.find((section) => section.name === 'DEFAULT')?.options ?? []
  const inherited = defaults.filter(({ key }) => !options.some((option) => isSame(option.key, key)))
  const entries = [
    ...options.map(({ key, value, line }) => ({ ...textEntry(key, value, line), section: name })),
    ...inherited.map(({ key, value, line }) => ({ ...textEntry(key, value, line), section: 'DEFAULT' })),
  ]
  const classOf = (entries: readonly YamlEntry[]) => yamlClassOf({ kind: 'map', line, entries }, kind)
  const { only = {}, renamed, required = [] } = classOf(recased(entries, ['Class']))
  const numbered = required.map((name) => renamed?.get(name) ?? name)
  const stated = recased(entries, ['Class', 'Name', 'Values', ...Object.keys(only), ...numbered])
  return { name, line, kind, stated, yamlClass: classOf(stated) }
}

export const isSame = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase()

/** In ini files case does not matter. */
const recased = (entries: readonly Stated[], names: readonly string[]): readonly Stated[] =>
  entries.map((entry) => ({ ...entry, key: names.find((name) => isSame(name, entry.key)) ?? entry.key }))
