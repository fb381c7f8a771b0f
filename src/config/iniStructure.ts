import type { Problem } from './problem.js'
import { problemAt } from './problemAt.js'
import { strip } from './strip.js'

interface Option {
  readonly key: string
  readonly line: number
  /** The value line by line, as it continues. */
  readonly lines: string[]
}

interface Section {
  readonly name: string
  readonly line: number
  readonly options: Map<string, Option>
}

/**
 * Takes a file apart as Python's RawConfigParser does (strict, see `_read` in Lib/configparser.py): which lines are
 * headers, options, continuations and comments. Lines that are none of these are never quoted, they may hold a password.
 */
export function iniStructure(text: string): { sections: readonly Section[]; problems: readonly Problem[] } {
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
