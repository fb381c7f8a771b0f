import {
  type Alias,
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  Scalar,
} from 'yaml'
import { type Problem, problemAt } from '../fields/problems.js'

/** What stands in a YAML file, each with its line. Aliases and merges (`<<`) are put in; all scalars are texts. */
export type YamlValue = YamlText | YamlList | YamlMap

/** A scalar. */
export interface YamlText {
  readonly kind: 'text'
  readonly line: number
  readonly text: string
  /** It stands without quotes, so that other readers may see more than a text in it. */
  readonly plain: boolean
}

export interface YamlList {
  readonly kind: 'list'
  readonly line: number
  readonly items: readonly YamlValue[]
}

/** Keys and values; those of the map itself first. */
export interface YamlMap {
  readonly kind: 'map'
  readonly line: number
  readonly entries: readonly YamlEntry[]
}

/** One `key: value`. */
export interface YamlEntry {
  readonly key: string
  readonly line: number
  readonly value: YamlValue
  /** What stands in the file, where that is another word. */
  readonly written?: string
  /** It, or what it stands for, has a name of its own (`&name`) by which it may be used elsewhere. */
  readonly anchored: boolean
}

/** A map; where nothing stands, an empty one. */
export function mapOf(value: YamlValue): YamlMap | undefined {
  if (value.kind === 'map') return value
  const isNothing = value.kind === 'text' && value.text === '' && value.plain
  return isNothing ? { kind: 'map', line: value.line, entries: [] } : undefined
}

/** The text at a key. */
export function textIn({ entries }: YamlMap, name: string): string | undefined {
  const value = entries.find(({ key }) => key === name)?.value
  return value?.kind === 'text' ? value.text : undefined
}

/** A key with a text that no YAML file has. */
export const textEntry = (key: string, text: string, line: number): YamlEntry => ({
  ...{ key, line, anchored: false },
  value: { kind: 'text', line, text, plain: false },
})

/** What stands there, in words. */
export const nounOf = ({ kind }: YamlValue): string =>
  ({ text: 'a single value', list: 'a list', map: 'parameters below it' })[kind]

/**
 * Reads a YAML file as a tree of texts. Never throws: what cannot be read is a problem, the first one where the text is no YAML at
 * all, since one mistake there leads to many. What an alias stands for is converted once, however often it is used, so no file grows
 * beyond its own size but by merges, and these are counted.
 */
export function parseYamlTree(text: string): { root: YamlMap | undefined; problems: readonly Problem[] } {
  const lines = new LineCounter()
  const problems: Problem[] = []
  const lineAt = (node: { readonly range?: readonly number[] | null | undefined }) =>
    lines.linePos(node.range?.[0] ?? 0).line
  const fail = (line: number, message: string, key?: string) => {
    problems.push(problemAt({ line, key }, 'error', message))
  }
  const known = new Map<Node, YamlValue>()
  const open = new Set<Node>()
  let merged = 0
  const aliases = new Map<string, readonly Node[]>()

  const empty = (line: number): YamlText => ({ kind: 'text', line, text: '', plain: true })

  const valueOf = (node: unknown, line: number): YamlValue => {
    if (isAlias(node)) {
      const target = targetOf(node)
      if (target && !open.has(target)) return valueOf(target, line)
      fail(
        lineAt(node),
        `*${node.source} ${target ? 'contains itself' : 'stands for nothing: expected &name above it'}`,
      )
      return empty(line)
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return empty(line)
    const ready = known.get(node)
    if (ready) return ready
    open.add(node)
    const value = convert(node)
    open.delete(node)
    known.set(node, value)
    return value
  }
  /** The nearest anchor of that name above the alias. */
  const targetOf = ({ source, range }: Alias.Parsed | Alias): Node | undefined =>
    aliases.get(source)?.findLast((node) => (node.range?.[0] ?? 0) < (range?.[0] ?? 0))

  const convert = (node: Node): YamlValue => {
    const line = lineAt(node)
    if (node.tag !== undefined && !usualTag.test(node.tag))
      fail(line, `expected a plain value, got the tag ${node.tag.slice(0, 40)}: leave it out`)
    if (isScalar(node)) {
      const plain = node.type === Scalar.PLAIN && node.tag === undefined
      return { kind: 'text', line, text: scalarText(node), plain }
    }
    if (isSeq(node)) return { kind: 'list', line, items: node.items.map((item) => valueOf(item, line)) }
    return { kind: 'map', line, entries: isMap(node) ? entriesOf(node) : [] }
  }
  const entriesOf = (map: Node): YamlEntry[] => {
    const own = new Map<string, YamlEntry>()
    const inherited: YamlEntry[] = []
    for (const pair of isMap(map) ? map.items : []) {
      const keyNode = isAlias(pair.key) ? targetOf(pair.key) : pair.key
      const line = lineAt(pair.key as Node)
      const key = isScalar(keyNode) ? scalarText(keyNode) : undefined
      const isMerge = key === '<<' && isScalar(keyNode) && keyNode.type === Scalar.PLAIN
      const first = key === undefined ? undefined : own.get(key)
      if (key === undefined) fail(line, 'expected a text for a key')
      else if (isMerge) inherited.push(...mergedBy(valueOf(pair.value, line)))
      else if (first) fail(line, `given twice, first in line ${first.line}: remove one of them`, key)
      else {
        const anchored = [pair.key, pair.value].some(
          (node) => (node as { anchor?: string } | null)?.anchor !== undefined,
        )
        own.set(key, { key, line, value: valueOf(pair.value, line), anchored })
      }
    }
    for (const entry of inherited) if (!own.has(entry.key)) own.set(entry.key, entry)
    return [...own.values()]
  }
  const mergedBy = (value: YamlValue): readonly YamlEntry[] => {
    const maps = value.kind === 'list' ? value.items : [value]
    return maps.flatMap((map) => {
      if (map.kind !== 'map') {
        fail(value.line, 'expected *name of a section or of parameters after <<, got something else')
        return []
      }
      merged += map.entries.length
      if (merged <= mergeLimit) return map.entries
      if (merged - map.entries.length <= mergeLimit)
        fail(value.line, `<< puts in more than ${mergeLimit} keys in all: no configuration needs as many`)
      return []
    })
  }

  if (text.length > longest) {
    fail(0, `expected at most ${longest} characters, got ${text.length}: no configuration is as long`)
    return { root: undefined, problems }
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  const deep = tooDeep(tokens)
  if (deep !== undefined) {
    fail(
      lines.linePos(deep).line,
      `this is no configuration: more than ${deepest} lists or maps are in each other`,
    )
    return { root: undefined, problems }
  }
  const composer = new Composer({
    schema: 'failsafe',
    version: '1.1',
    // It would name one line only.
    uniqueKeys: false,
    logLevel: 'silent',
  })
  const [document, another] = [...composer.compose(tokens, true, text.length)]
  const [error] = document?.errors ?? []
  if (error) fail(lines.linePos(error.pos[0]).line, `this is no YAML: ${sentence(error.code, error.message)}`)
  else if (another) fail(lineAt(another), 'expected one document, got a second one behind ---')
  const contents: unknown = document?.contents
  const isEmpty = !contents || (isScalar(contents) && scalarText(contents) === '')
  if (problems.length > 0 || isEmpty) return { root: undefined, problems }
  for (const [name, nodes] of anchorsIn(contents)) aliases.set(name, nodes)
  const root = valueOf(contents, 1)
  if (root.kind === 'map') return { root, problems }
  fail(root.line, 'expected sections, such as "Sensor1:" with its parameters indented below it')
  return { root: undefined, problems }
}

/** With the schema that knows of texts only, it is one or nothing. */
const scalarText = ({ value }: Scalar): string => (typeof value === 'string' ? value : '')

/** Deeper than any configuration, and so little that whoever walks there can do so by recursion: V8 ends the process otherwise. */
const deepest = 100

/** Where tokens are deeper in each other than that, if anywhere. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const rest = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { token, depth } = next
    if (depth > deepest) return token.offset
    const below = token.type === 'document' ? [token] : 'items' in token ? token.items : []
    for (const item of below)
      for (const part of [item.value, 'key' in item ? item.key : undefined])
        if (part) rest.push({ token: part, depth: depth + 1 })
  }
  return undefined
}

/** More than a house full of devices needs, and little enough for what the library takes long for, such as quotes. */
const longest = 200_000

/** Likewise. */
const mergeLimit = 10_000

/** What PyYAML's safe loader knows, too. */
const usualTag = /^!$|^tag:yaml\.org,2002:(str|map|seq|int|float|bool|null|timestamp)$/

/** What the library says, without the end of its sentence that quotes the text: a password may stand there. */
function sentence(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'expected spaces at the beginning of the line, got a tab'
  return message.replace(code === 'UNEXPECTED_TOKEN' ? /:.*$/s : /:?\s*["'].*$/s, '').trim()
}

/** The nodes that have names, in the order of the text. */
function anchorsIn(root: unknown): ReadonlyMap<string, readonly Node[]> {
  const found = new Map<string, Node[]>()
  const rest: unknown[] = [root]
  while (rest.length > 0) {
    const node = rest.pop()
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) continue
    const { anchor } = node
    const namesakes = anchor === undefined ? undefined : found.get(anchor)
    if (namesakes) namesakes.push(node)
    else if (anchor !== undefined) found.set(anchor, [node])
    if (isSeq(node)) rest.push(...node.items)
    if (isMap(node)) for (const { key, value } of node.items) rest.push(key, value)
  }
  for (const nodes of found.values())
    nodes.sort((one, other) => (one.range?.[0] ?? 0) - (other.range?.[0] ?? 0))
  return found
}
