import { parse } from 'ini'
import { type Problem, problemAt } from '../fields/problems.js'
import type { StatedRoutes } from './routes.js'
import type { ReadOtherwise } from './yamlScalars.js'

/**
 * Reads an ini file as Python's RawConfigParser does, with the line of everything. Never throws: what cannot be read
 * is among the problems, and the rest is delivered.
 *
 * `ini` by itself would cut a value at `#` and `;`, take its quotes away, turn `true` into a boolean, and nest or drop
 * sections by their names. So it is handed every value as a JSON string under the number of its line.
 */
export function parseIni(text: string): { sections: IniSection[]; problems: readonly Problem[] } {
  const { sections, problems } = iniStructure(text)
  const options = sections.flatMap((section) => [...section.options.values()])
  const values = parse(options.map(({ line, lines }) => `${line}=${quote(lines)}`).join('\n'))
  return {
    sections: sections.map(({ name, line, options }) => ({
      name,
      line,
      options: [...options.values()].map(({ key, line }) => ({ key, line, value: String(values[line]) })),
    })),
    problems,
  }
}

/** One `[Section]` of the file; `[DEFAULT]` is one like the others. */
export interface IniSection {
  readonly name: string
  readonly line: number
  readonly options: readonly IniOption[]
  /** Its keys are as the schemas have them, and case matters. */
  readonly exact?: true
  /** What goes where, where that is said for each connection. */
  readonly routes?: StatedRoutes
}

/** One `Key = value` of the file. */
export interface IniOption {
  /** As it is written. */
  readonly key: string
  readonly value: string
  readonly line: number
  /** The section it stands in, when that is another one. */
  readonly section?: string
  /** What schemas call it, when that is something else. */
  readonly as?: string
  /** What other readers make of the text. */
  readonly otherwise?: ReadOtherwise | undefined
}

/** Blank lines at the end are no part of a value. JSON leaves U+2028 and U+2029 alone, which `ini` takes for line ends. */
const quote = (lines: readonly string[]) =>
  JSON.stringify(lines.slice(0, lines.findLastIndex((line) => line !== '') + 1).join('\n'))
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')

/**
 * Takes a file apart as Python's RawConfigParser does (strict, see `_read` in Lib/configparser.py): which lines are
 * headers, options, continuations and comments. Lines that are none of these are never quoted, they may hold a password.
 */
function iniStructure(text: string): { sections: readonly Section[]; problems: readonly Problem[] } {
  const sections = new Map<string, Section>()
  const problems: Problem[] = []
  let section: Section | undefined
  let option: Option | undefined
  let depth = 0

  const fail = (line: number, message: string, key?: string) => {
    problems.push(problemAt({ line, section: section?.name, key }, 'error', message))
  }

  const readHeader = (name: string, line: number) => {
    const known = sections.get(name)
    section = known && name === 'DEFAULT' ? known : { name, line, options: new Map() }
    option = undefined
    if (!known) sections.set(name, section)
    else if (known !== section)
      fail(
        line,
        `there are two sections of this name, the first in line ${known.line}: rename one or remove it`,
      )
  }

  const readOption = (content: string, line: number) => {
    const delimiter = content.search(/[=:]/)
    if (!section) fail(line, 'this line stands before the first section: expected a [Section] above it')
    else if (delimiter < 0) fail(line, 'expected "Key = value", a [Section], or # before a comment')
    else {
      const key = strip(content.slice(0, delimiter))
      const known = section.options.get(key.toLowerCase())
      option = key === '' ? undefined : { key, line, lines: [strip(content.slice(delimiter + 1))] }
      if (!option) fail(line, `expected a key before the "${content.charAt(delimiter)}"`)
      else if (known) fail(line, `given twice, first in line ${known.line}: remove one of them`, key)
      else section.options.set(key.toLowerCase(), option)
    }
  }

  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  for (const [index, raw] of lines.entries()) {
    const content = strip(raw)
    const indentation = raw.indexOf(content)
    if (content === '') option?.lines.push('')
    else if (/^[#;]/.test(content)) continue
    else if (option && indentation > depth) option.lines.push(content)
    else {
      depth = indentation
      const header = /^\[(.+)\]/s.exec(content)?.[1]
      if (header === undefined) readOption(content, index + 1)
      else readHeader(header, index + 1)
    }
  }
  return { sections: [...sections.values()], problems }
}

interface Section {
  readonly name: string
  readonly line: number
  readonly options: Map<string, Option>
}

interface Option {
  readonly key: string
  readonly line: number
  /** The value line by line, as it continues. */
  readonly lines: string[]
}

/** Takes white space off both ends, as Python's `str.strip` does. */
export function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && spaces.has(text.charAt(start))) start++
  while (end > start && spaces.has(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** What Python's `str.isspace` calls white space; JavaScript's `trim` has a slightly different list. */
const spaces = new Set(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
)
