import { parse } from 'ini'
import { iniStructure } from './iniStructure.js'
import type { IniSection } from './iniSection.js'
import type { Problem } from './problem.js'

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

/** Blank lines at the end are no part of a value. JSON leaves U+2028 and U+2029 alone, which `ini` takes for line ends. */
const quote = (lines: readonly string[]) =>
  JSON.stringify(lines.slice(0, lines.findLastIndex((line) => line !== '') + 1).join('\n'))
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
