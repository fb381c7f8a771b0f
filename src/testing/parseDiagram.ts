import { nearest, quoteText } from '../fields/problems.js'
import type { Reading } from '../model.js'

/** A line of marbles. */
export interface DrawnStream {
  readonly title: string
  readonly marbles: string
  /** Where it stands in the text, counted from 1. */
  readonly line: number
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
  /** Where the operator stands in the text, counted from 1. */
  readonly line: number
  /** Duration of one character, ms. */
  readonly frame: number
  readonly expected: DrawnStream
}

/**
 * Reads the text of a marble diagram, written in what Swirly and TestScheduler both understand. `file` is what messages
 * call it. Throws a SyntaxError with the line and what was expected there when it is anything but streams, an operator and
 * one stream more.
 */
export function parseDiagram(text: string, file = 'diagram'): Diagram {
  const lines = text.split(/\r?\n/).map((text, index) => ({ text, number: index + 1, file }))
  const isComment = ({ text }: Line) => /^\s*%/.test(text)
  const blocks = blocksOf(lines.filter((line) => !isComment(line)))
  const at = blocks.findIndex(([{ text }]) => text.startsWith('>'))
  const last = lines.at(-1) as Line
  const hidden = lines.find(({ text }) => /^\s*>/.test(text))
  if (at < 0 && hidden) throw refused(hidden, '">" in the first column, below an empty line')
  if (at < 0) throw fault(last, `${whole}, got no line that begins with ">"`)
  const [operator, ...settings] = blocks[at] as Block
  const key = operator.text.slice(1).trim()
  if (key === '') throw fault(operator, 'expected the key of an expression after ">", got none')
  if (at === 0) throw fault(operator, `${whole}, got no stream above ">"`)
  const frame = frameOf(settings, key)
  const [expected, other] = blocks.slice(at + 1)
  if (!expected) throw fault(last, `${whole}, got no stream below ">"`)
  if (other) throw refused(other[0], 'one stream below ">"', { got: 'another one' })

  const streams = [...blocks.slice(0, at), expected].map(parseStream)
  const untitled = streams.find(({ title }) => title === '')
  if (untitled && streams.some(({ title }) => title !== ''))
    throw fault({ file, number: untitled.line }, `expected a title of ${untitled.marbles}, as of the others`)
  const [sentence = '', ...remarks] = lines.filter(isComment).map(({ text }) => text.replace(/^\s*%\s*/, ''))
  const result = streams.pop() as DrawnStream
  if (result.indent > 0)
    throw refused(expected[0], 'what comes out to begin in the first column', { got: 'spaces before' })
  return {
    sentence,
    remark: remarks.join(' ').trim(),
    inputs: streams,
    operator: key,
    line: operator.number,
    frame,
    expected: result,
  }
}

/** A line, and where it stands. */
interface Line {
  readonly file: string
  readonly number: number
  readonly text: string
}

type Block = readonly [Line, ...Line[]]

const whole = 'expected streams, then "> operator", then one stream, with empty lines between them'

const fault = ({ file, number }: Omit<Line, 'text'>, message: string) =>
  new SyntaxError(`${file}:${number}: ${message}`)

const refused = (line: Line, expected: string, { got = '', hint = '' } = {}) =>
  fault(
    line,
    `expected ${expected}, got ${got && `${got}: `}${quoteText(line.text.replaceAll(/^ +| +$/g, ''))}${hint}`,
  )

/** Lines that stand together, apart from others by empty lines. */
function blocksOf(lines: readonly Line[]): Block[] {
  const blocks: Line[][] = [[]]
  for (const line of lines) {
    if (line.text.trim() === '') blocks.push([])
    else blocks.at(-1)?.push(line)
  }
  return blocks.filter((block): block is [Line, ...Line[]] => block.length > 0)
}

/** Duration of one character, ms; a millisecond where nothing is said. */
function frameOf(settings: readonly Line[], operator: string): number {
  let frame: number | undefined
  for (const line of settings) {
    const [, name = '', value] = /^(\w+)(?: = (.+))?$/.exec(line.text.trim()) ?? []
    if (name !== 'frame') {
      const hint = nearest(name, ['frame']) === undefined ? '' : ', did you mean frame?'
      throw refused(line, `"frame = 10 min" or an empty line below "> ${operator}"`, { hint })
    }
    if (frame !== undefined) throw refused(line, 'one frame', { got: 'a second one' })
    frame = durationOf(value ?? '')
    if (frame === undefined) throw refused(line, `a duration such as "frame = 10 min" (${units})`)
  }
  return frame ?? 1
}

const unitLengths: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** What a duration may be written in. */
export const units = 'ms, s, min or h; 1 ms or longer'

/** The milliseconds of `10 min`, `1.5 s` or `60000`; undefined when it is no whole number of them. */
export function durationOf(text: string): number | undefined {
  const [, count, unit = 'ms'] = /^(\d+(?:\.\d+)?) ?(ms|s|min|h)?$/.exec(text) ?? []
  const ms = Number(count) * (unitLengths[unit] ?? NaN)
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined
}

/** A duration (ms) as `durationOf` reads it: `10 min`. */
export function durationText(ms: number): string {
  const [unit, length] = Object.entries(unitLengths).findLast(([, length]) => ms % length === 0) ?? ['ms', 1]
  return `${ms / length} ${unit}`
}

function parseStream([line, ...settings]: Block): DrawnStream {
  const marbles = line.text.trim()
  if (!/^ *[-a-zA-Z|#()]+ *$/.test(line.text)) throw refused(line, 'marbles made of letters and - | # ( )')
  if (/[()]/.test(marbles.replaceAll(/\([a-zA-Z|#]+\)/g, '')))
    throw refused(line, 'groups such as (ab), each closed, of at least one letter and without dashes')
  if (/[|#].*[a-zA-Z|#]/.test(marbles)) throw refused(line, 'nothing but dashes after | or #')

  const drawn = new Set(marbles.match(/[a-z]/gi))
  const values: Record<string, unknown> = {}
  let title = ''
  for (const setting of settings) {
    const [, name = '', sign, value] = /^(\w+) (:?=) (.+)$/.exec(setting.text.trim()) ?? []
    if (name === 'title' && sign === '=' && value) {
      if (title !== '') throw refused(setting, 'one title', { got: 'a second one' })
      title = value
    } else if (name.length === 1 && sign === ':=' && value) {
      if (Object.hasOwn(values, name)) throw refused(setting, `one value of ${name}`, { got: 'a second one' })
      if (!drawn.has(name)) throw refused(setting, `a letter of ${marbles}`)
      values[name] = valueIn(setting, value)
    } else throw refused(setting, `"title = words", "a := value" or an empty line below ${marbles}`)
  }
  const letters = [...drawn]
  const lacking = letters.filter((letter) => !Object.hasOwn(values, letter))
  if (lacking.length > 0 && lacking.length < letters.length)
    throw fault(line, `expected "${lacking[0] ?? ''} := value" below ${marbles}, as of its other letters`)
  for (const letter of lacking) values[letter] = letter
  return { title, marbles, line: line.number, indent: line.text.search(/\S/), values }
}

function valueIn(setting: Line, label: string): Value | Reading {
  try {
    return labelled(label)
  } catch {
    throw refused(setting, '"a := value" or "a := destination value"')
  }
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
