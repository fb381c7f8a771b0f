import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseIni, strip } from '../../src/config/ini.js'

type Sections = Record<string, Record<string, string>>

/** Made by ini-cases.py beside it, with the configparser of Python 3.11. */
const cases = JSON.parse(readFileSync(new URL('../fixtures/ini-cases.json', import.meta.url), 'utf8')) as ({
  text: string
} & ({ sections: Sections } | { errors: number[] }))[]

const contents = (text: string) =>
  new Map(
    parseIni(text).sections.map(({ name, options }) => [
      name,
      new Map(options.map(({ key, value }) => [key.toLowerCase(), value])),
    ]),
  )

const asMaps = ({ DEFAULT, ...sections }: Sections) =>
  new Map(
    Object.entries(DEFAULT && Object.keys(DEFAULT).length > 0 ? { DEFAULT, ...sections } : sections).map(
      ([name, options]) => [name, new Map(Object.entries(options))],
    ),
  )

const problems = (text: string) =>
  parseIni(text).problems.map(({ line, section, key, message }) => [line, section, key, message])

describe('parseIni', () => {
  it.each(cases.filter((example) => 'sections' in example))(
    'reads what Python reads from $text',
    ({ text, sections }) => {
      expect(parseIni(text).problems).toEqual([])
      const read = contents(text)
      if (read.get('DEFAULT')?.size === 0) read.delete('DEFAULT')
      expect(read).toEqual(asMaps(sections))
    },
  )

  it.each(cases.filter((example) => 'errors' in example))(
    'refuses the lines that Python refuses in $text',
    ({ text, errors }) => {
      const lines = parseIni(text).problems.map(({ line }) => line)
      expect(lines).toEqual(expect.arrayContaining(errors))
    },
  )

  it('knows the line of every section and option', () => {
    expect(parseIni('# comment\n[One]\nKey = a\n  b\n\n[Two]\r\nOther: c\r\n').sections).toEqual([
      { name: 'One', line: 2, options: [{ key: 'Key', value: 'a\nb', line: 3 }] },
      { name: 'Two', line: 6, options: [{ key: 'Other', value: 'c', line: 7 }] },
    ])
  })

  it('names both lines of a section that is there twice, and goes on', () => {
    expect(problems('[S]\nKey = 1\n[S]\nKey = 2\n[T]\nstray')).toEqual([
      [
        3,
        'S',
        undefined,
        'there are two sections of this name, the first in line 1: rename one or remove it',
      ],
      [6, 'T', undefined, 'expected "Key = value", a [Section], or # before a comment'],
    ])
  })

  it('names both lines of a key that is there twice, in [DEFAULT] too', () => {
    expect(problems('[DEFAULT]\nHost = a\n[S]\nHost = b\nhost = c\n[DEFAULT]\nHOST = d')).toEqual([
      [5, 'S', 'host', 'given twice, first in line 4: remove one of them'],
      [7, 'DEFAULT', 'HOST', 'given twice, first in line 2: remove one of them'],
    ])
  })

  it('never quotes a line it cannot read', () => {
    const text =
      'Password hunter2\n[S]\nPassword hunter2\n[hunter2\n= hunter2\nPassword hunter2= 1\nPassword hunter2= 2'
    expect(parseIni(text).problems).toHaveLength(5)
    expect(JSON.stringify(parseIni(text).problems)).not.toContain('hunter2')
  })

  it('reads any text without throwing', () => {
    const pieces = fc.constantFrom(
      '[',
      ']',
      '=',
      ':',
      '\n',
      '\r',
      ' ',
      '#',
      ';',
      '"',
      '\\',
      '[S]\n',
      'Key = ',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))), (parts) => {
        const lines = parts.join('').split(/\r\n|\r|\n/).length
        for (const { line } of parseIni(parts.join('')).problems) expect(line).toBeLessThanOrEqual(lines)
      }),
    )
  })

  it('reads values back byte for byte', () => {
    const marks = fc.oneof(
      fc.stringMatching(/^[#;%=:"'\\[\]$@ \t\u2028]$/),
      fc.constantFrom('%%', '  ', 'true', 'null', '__proto__', '${env:X}'),
    )
    const value = fc
      .array(fc.oneof(marks, fc.string({ unit: 'binary' })))
      .map((parts) => strip(parts.join('').replace(/[\r\n]/g, '')))
    const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.[\]-]{0,9}$/).filter((text) => !text.startsWith('['))
    const name = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_. "'\\\]]{1,9}$/), fc.constant('__proto__'))
    const sections = fc.uniqueArray(
      fc.tuple(name, fc.uniqueArray(fc.tuple(key, value), { selector: ([text]) => text.toLowerCase() })),
      { selector: ([text]) => text },
    )
    fc.assert(
      fc.property(sections, fc.constantFrom('=', ' = ', ': ', '\t:\t'), (written, delimiter) => {
        const text = written
          .map(([header, options]) =>
            [`[${header}]`, ...options.map(([option, content]) => option + delimiter + content), ''].join(
              '\n',
            ),
          )
          .join('\n')
        expect(parseIni(text).problems).toEqual([])
        expect(contents(text)).toEqual(
          new Map(
            written.map(([header, options]) => [
              header,
              new Map(options.map(([k, v]) => [k.toLowerCase(), v])),
            ]),
          ),
        )
      }),
    )
  })
})
