import { textEntry, type YamlEntry, type YamlList, type YamlMap, type YamlValue } from './yaml.js'
import type { YamlClass } from './yamlClasses.js'

/** Something that is said below `Connections`, and where: the connection, perhaps an output, and a field. */
export interface Leaf {
  readonly path: readonly string[]
  readonly line: number
  readonly written?: string
  readonly value: YamlValue
}

export const isSamePath = (one: readonly string[], other: readonly string[]): boolean =>
  one.join('\0') === other.join('\0')

/** The tree of what is said, in the order in which it is. */
export function treeOf(leaves: readonly Leaf[], line: number): YamlMap {
  const keys = [...new Set(leaves.map(({ path }) => path[0] ?? ''))]
  const entries = keys.map((key): YamlEntry => {
    const below = leaves.filter(({ path }) => path[0] === key)
    const [first] = below
    const place = {
      ...{ key, line: first?.line ?? line, anchored: false },
      ...(first?.written !== undefined && { written: first.written }),
    }
    const single = below.find(({ path }) => path.length === 1)
    if (single) return { ...place, value: single.value }
    return {
      ...place,
      value: treeOf(
        below.map((leaf) => ({ ...leaf, path: leaf.path.slice(1) })),
        place.line,
      ),
    }
  })
  return { kind: 'map', line, entries }
}

/** What stands in a tree, one after the other. */
export function flatten(value: YamlValue | undefined, path: readonly string[] = [], line = 0): Leaf[] {
  if (!value) return []
  return value.kind === 'map'
    ? value.entries.flatMap((entry) => flatten(entry.value, [...path, entry.key], entry.line))
    : [{ path, line, value }]
}

export const textOf = (value: YamlValue): string => (value.kind === 'text' ? value.text : '')

/** Several topics have commas between them. */
export function listIn(text: string, line: number): YamlValue {
  const texts = text.split(',').map((part) => textEntry('', part.trim(), line).value)
  const [only] = texts
  return texts.length === 1 && only ? only : { kind: 'list', line, items: texts }
}

/** Two words as an ini file has them, in the order of a YAML file. */
export function pairIn(text: string, { reversed }: YamlClass, line: number): YamlList {
  const items = text.split(',').map((part) => textEntry('', part.trim(), line).value)
  return { kind: 'list', line, items: reversed ? items.reverse() : items }
}
