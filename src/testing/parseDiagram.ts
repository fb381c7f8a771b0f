import type { Reading } from '../model.js'

/** A line of marbles. */
export interface DrawnStream {
  readonly title: string
  readonly marbles: string
  /** By how many characters the line is indented: it is cold, and subscribed to then. */
  readonly indent: number
  /** What its letters stand for: themselves, unless a line below says otherwise. */
  readonly values: Readonly<Record<string, unknown>>
}

/** A diagram: streams, the operator they go through, and what comes out. */
export interface Diagram {
  /** The first comment line: what the diagram says, in a sentence. */
  readonly sentence: string
  /** The other comment lines. */
  readonly remark: string
  readonly inputs: readonly DrawnStream[]
  readonly operator: string
  /** Duration of one character, ms. */
  readonly frame: number
  readonly expected: DrawnStream
}

/**
 * Reads the text of a marble diagram, written in what Swirly and TestScheduler both understand. Throws when it is
 * anything but streams, an operator and one stream more.
 */
export function parseDiagram(text: string): Diagram {
  const lines = text.split(/\r?\n/)
  const isComment = (line: string) => /^\s*%/.test(line)
  const blocks = lines
    .filter((line) => !isComment(line))
    .join('\n')
    .split(/\n\s*\n/)
    .map((block) => block.split('\n').filter((line) => line.trim() !== ''))
    .filter((block) => block.length > 0)
  const at = blocks.findIndex(([first]) => first?.startsWith('>'))
  const [operator = '', ...settings] = blocks[at] ?? []
  const [expected, ...others] = blocks.slice(at + 1)
  if (at < 1 || !expected || others.length > 0) {
    throw new Error('expected streams, then "> operator", then one stream, with empty lines between them')
  }
  const frame = settings.map((line) => /^frame = (\d+)$/.exec(line)?.[1]).find((ms) => ms !== undefined)
  const [sentence = '', ...remarks] = lines.filter(isComment).map((line) => line.replace(/^\s*%\s*/, ''))
  return {
    sentence,
    remark: remarks.join(' ').trim(),
    inputs: blocks.slice(0, at).map(parseStream),
    operator: operator.slice(1).trim(),
    frame: Number(frame ?? 1),
    expected: parseStream(expected),
  }
}

function parseStream([line = '', ...settings]: readonly string[]): DrawnStream {
  const marbles = line.trim()
  if (!/^[-a-zA-Z|#()]+$/.test(marbles)) {
    throw new Error(`expected marbles made of letters and - | # ( ), got "${marbles}"`)
  }
  const values: Record<string, unknown> = {}
  for (const letter of marbles.match(/[a-z]/gi) ?? []) values[letter] = letter
  let title = ''
  for (const setting of settings) {
    const [, name, sign, value] = /^(\w+) (:?=) (.+)$/.exec(setting.trim()) ?? []
    if (name === 'title' && sign === '=' && value) title = value
    else if (name?.length === 1 && sign === ':=' && value) values[name] = labelled(value)
    else throw new Error(`expected "title = words" or "a := value" below ${marbles}, got "${setting}"`)
  }
  return { title, marbles, indent: line.search(/\S/), values }
}

type Value = Reading['value']

/**
 * What the label of a marble stands for: two words are a reading, its destination and its value; one word is itself.
 * Numbers, `true` and `false` are no texts.
 *
 * @example
 * labelled('attic 21.5')
 * // → { destination: 'attic', value: 21.5 }
 */
export function labelled(label: string): Value | Reading {
  const [destination, value, ...rest] = label.split(' ') as [string, ...string[]]
  if (rest.length > 0) throw new Error(`expected "value" or "destination value", got "${label}"`)
  return value === undefined ? valueOf(destination) : { destination, value: valueOf(value) }
}

function valueOf(word: string): Value {
  if (word === 'true' || word === 'false') return word === 'true'
  return Number.isNaN(Number(word)) ? word : Number(word)
}
