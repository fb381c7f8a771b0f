import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { concatMap, delay, interval, map, NEVER, type Observable, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../src/model.js'
import { diagram, diagrams, type Expressions } from '../../src/testing/diagrams.js'
import { labelled } from '../../src/testing/parseDiagram.js'

const text = `% Fahrenheit for Americans.

-a-|
title = celsius
a := attic 20

> fahrenheit

-b-|
title = fahrenheit
b := attic 68
`

const fahrenheit = (celsius$: Observable<Reading>) =>
  celsius$.pipe(map(({ destination, value }) => ({ destination, value: Number(value) * 1.8 + 32 })))

/** Runs a diagram whose operator is `op`. */
function run(diagram: string, op: Expressions[string]): void {
  for (const test of diagrams({ 'a.txt': diagram }, { op })) test.run()
}

describe('diagrams', () => {
  it('runs a diagram, named after its file and its comment', () => {
    const tests = diagrams({ 'f.txt': text }, { fahrenheit })
    expect(tests.map(({ name }) => name)).toEqual(['f.txt: Fahrenheit for Americans.'])
    for (const { run } of tests) run()
  })

  it('fails when something else comes out', () => {
    const [test] = diagrams({ 'f.txt': text }, { fahrenheit: (celsius$: Observable<Reading>) => celsius$ })
    expect(test?.run).toThrow('The marbles differ at frame 1')
  })

  it('fails for a diagram without an expression', () => {
    expect(() => diagrams({ 'f.txt': text }, {})).toThrow('f.txt says "> fahrenheit"')
  })

  it('fails for an expression without a diagram', () => {
    const expressions = { fahrenheit, kelvin: () => NEVER }
    expect(() => diagrams({ 'f.txt': text }, expressions)).toThrow('no diagram says "> kelvin"')
  })

  it('takes a character for as long as frame says', () => {
    run('-a-\n\n> op\nframe = 60000\n\n--a', (a$) => a$.pipe(delay(60_000)))
  })

  it('takes any error where the diagram shows one, and none elsewhere', () => {
    const fails = () => throwError(() => new Error('no adapter'))
    run('-\n\n> op\n\n#', fails)
    expect(() => run('-\n\n> op\n\n-', fails)).toThrow('# actual = Error: no adapter')
  })

  it('leaves what is still running where the expected line ends', () => {
    run('-\n\n> op\n\n--a-b\na := 0\nb := 1', () => interval(2))
  })

  it('expects an indented stream to be subscribed to where it begins', () => {
    const late = '-a-\n\n   -b-\ntitle = late\n\n> op\n\n----b'
    run(late, (a$, b$) =>
      a$.pipe(
        delay(2),
        concatMap(() => b$),
      ),
    )
    expect(() => run(late, (_, b$) => b$.pipe(delay(3)))).toThrow(
      'expected "late" to be subscribed to at frame 3, got at 0',
    )
    expect(() =>
      run(late, (a$) =>
        a$.pipe(
          map(() => 'b'),
          delay(3),
        ),
      ),
    ).toThrow('at frame 3, got never')
  })

  it.each([
    ['no operator', '-a-\n\n-a-', 'expected streams, then "> operator", then one stream'],
    ['nothing before the operator', '> op\n\n-a-', 'expected streams, then "> operator", then one stream'],
    ['two results', '-a-\n\n> op\n\n-a-\n\n-b-', 'expected streams, then "> operator", then one stream'],
    ['marbles Swirly does not know', '-a 10s\n\n> op\n\n-a-', 'got "-a 10s"'],
    ['a line that is neither title nor value', '-a-\na = 1\n\n> op\n\n-a-', 'got "a = 1"'],
    ['a label of three words', '-a-\na := the attic 1\n\n> op\n\n-a-', 'got "the attic 1"'],
  ])('names the file and what is wrong when a diagram has %s', (_, diagram, message) => {
    expect(() => run(diagram, () => NEVER)).toThrow(message)
    expect(() => run(diagram, () => NEVER)).toThrow('a.txt: ')
  })
})

describe('diagram', () => {
  it('runs one diagram, from its text or from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'diagram-'))
    const path = join(folder, 'f.txt')
    writeFileSync(path, text)
    for (const source of [text, path, pathToFileURL(path)]) diagram(source, { fahrenheit })
    expect(() => diagram(path, {})).toThrow(`${path} says "> fahrenheit", and there is no expression for it`)
    rmSync(folder, { recursive: true })
  })

  it('fails when something else comes out, and for a key that is left over', () => {
    expect(() => diagram(text, { fahrenheit: () => NEVER })).toThrow(
      'The marbles differ at frame 1: a is missing',
    )
    expect(() => diagram(text, { fahrenheit, kelvin: () => NEVER })).toThrow('no diagram says "> kelvin"')
  })
})

describe('labelled', () => {
  it.each([
    ['attic 21.5', { destination: 'attic', value: 21.5 }],
    ['freezer -7', { destination: 'freezer', value: -7 }],
    ['status ONLINE', { destination: 'status', value: 'ONLINE' }],
    ['true', true],
    ['false', false],
    ['60000', 60_000],
    ['old', 'old'],
  ])('makes of "%s" what it says', (label, value) => {
    expect(labelled(label)).toEqual(value)
  })
})
