import { describe, expect, it } from 'vitest'
import { parseYamlTree, type YamlValue } from '../../src/config/yaml.js'
import { checkYaml } from './check.js'

/** What a tree says, as plain values. */
const plain = (value: YamlValue): unknown =>
  value.kind === 'text'
    ? value.text
    : value.kind === 'list'
      ? value.items.map(plain)
      : Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value)]))

const read = (text: string) => {
  const { root, problems } = parseYamlTree(text)
  return root ? plain(root) : problems
}

const messages = (text: string) =>
  parseYamlTree(text).problems.map(({ line, message }) => `${line}: ${message}`)

describe('a YAML file', () => {
  it('is read as texts, whatever they look like', () => {
    expect(
      read('a: 0123\nb: yes\nc: [1e3, ON, ~]\nd: {e: 2026-11-27, f: "x: # y"}\ng: 00:11:22:33:44:55\n'),
    ).toEqual({
      a: '0123',
      b: 'yes',
      c: ['1e3', 'ON', '~'],
      d: { e: '2026-11-27', f: 'x: # y' },
      g: '00:11:22:33:44:55',
    })
  })

  it('takes # for a comment only behind a space', () => {
    expect(read('a: pass#word\nb: pass #word')).toEqual({ a: 'pass#word', b: 'pass' })
  })

  it('may have Windows line ends and a byte order mark', () => {
    expect(read('\ufeffa: 1\r\nb:\r\n  c: 2\r\n')).toEqual({ a: '1', b: { c: '2' } })
  })

  it('knows anchors, aliases and merges, of which own keys come first', () => {
    expect(read('x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [*x, {c: 4}]}\nw: *x')).toEqual({
      x: { a: '1', b: '2' },
      y: { b: '3', a: '1' },
      z: { a: '1', b: '2', c: '4' },
      w: { a: '1', b: '2' },
    })
  })

  it('means the nearest anchor of a name above', () => {
    expect(read('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toEqual({ a: '1', b: '1', c: '2', d: '2' })
  })

  it('may be empty', () => {
    expect(parseYamlTree('')).toEqual({ root: undefined, problems: [] })
    expect(parseYamlTree('# only a comment\n')).toEqual({ root: undefined, problems: [] })
  })

  it.each([
    ['a: 1\nb: 2\na: 3', ['3: given twice, first in line 1: remove one of them']],
    ['a:\n  b: 1\n  c: 2\n  b: 3', ['4: given twice, first in line 2: remove one of them']],
    ['a: *nobody', ['1: *nobody stands for nothing: expected &name above it']],
    ['a: &a {b: *a}', ['1: *a contains itself']],
    [
      'a: !!python/object:os.system x',
      [expect.stringMatching(/^1: expected a plain value, got the tag .*: leave it out$/)],
    ],
    ['a: {<<: 7}', ['1: expected *name of a section or of parameters after <<, got something else']],
    ['- a\n- b', ['1: expected sections, such as "Sensor1:" with its parameters indented below it']],
    ['just words', ['1: expected sections, such as "Sensor1:" with its parameters indented below it']],
    ['a: 1\n---\nb: 2', ['2: expected one document, got a second one behind ---']],
    ['a:\n\tb: 1', ['2: this is no YAML: expected spaces at the beginning of the line, got a tab']],
    ['a: [1, 2\nb: 3', [expect.stringMatching(/^\d: this is no YAML: /)]],
    ['? [a]\n: b', ['1: expected a text for a key']],
  ])('says what is wrong with %j', (text, expected) => {
    expect(messages(text)).toEqual(expected)
  })

  it('that is an ini file is told apart in one sentence', () => {
    expect(messages('[Logging]\nSyslog = YES\n\n[Connection1]\nPassword = hunter2\n')).toEqual([
      expect.stringMatching(/^\d: this is no YAML: /),
    ])
  })

  it.each([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(50_000)],
    ['dashes', '- '.repeat(100_000)],
    ['zeros', '\0'.repeat(200_000)],
    ['quotes', '"'.repeat(199_999)],
    ['letters, and of a megabyte', 'x'.repeat(1_000_000)],
    ['ampersands', '&a '.repeat(100_000)],
    ['questions', '? '.repeat(20_000)],
  ])('of nothing but %s is one error', (_, text) => {
    expect(messages(text)).toHaveLength(1)
  })

  it('does not grow by aliases of aliases', () => {
    const lines = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
    ]
    const { root, problems } = parseYamlTree(lines.join('\n'))
    expect(problems).toEqual([])
    expect(root?.entries).toHaveLength(41)
  })

  it('does not grow by merges of merges', () => {
    const merge = (n: number) => `a${n}: &a${n} {<<: *a${n - 1}, k${n}: 1}`
    const lines = ['a0: &a0 {k: 1}', ...Array.from({ length: 500 }, (_, n) => merge(n + 1))]
    expect(messages(lines.join('\n'))).toEqual([
      expect.stringMatching(/^\d+: << puts in more than 10000 keys in all: no configuration needs as many$/),
    ])
  })

  it('never has its text quoted where a password may stand', async () => {
    for (const text of [
      'Password: "hunter2',
      'Password: hunter2: x',
      'a: {Password: hunter2]',
      'Password: |hunter2\n x',
    ])
      expect((await checkYaml(text)).join('\n')).not.toContain('hunter')
  })
})
