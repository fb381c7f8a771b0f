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
    expect(test?.run).toThrow('f.txt:9: The marbles of "fahrenheit" differ at frame 1')
  })

  it('takes a character for as long as frame says', () => {
    for (const frame of ['60000', '60000 ms', '60 s', '1 min', '1min'])
      run(`-a-\n\n> op\nframe = ${frame}\n\n--a`, (a$) => a$.pipe(delay(60_000)))
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
    run('-a-\n\n   -b-\n\n> op\n\n----b', (a$, b$) =>
      a$.pipe(
        delay(2),
        concatMap(() => b$),
      ),
    )
  })
})

describe('diagram', () => {
  it('runs one diagram, from its text or from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'diagram-'))
    const path = join(folder, 'f.txt')
    writeFileSync(path, text)
    for (const source of [text, path, pathToFileURL(path)]) diagram(source, { fahrenheit })
    rmSync(folder, { recursive: true })
  })

  it('names the file as it can be opened, and an URL where the file is not', () => {
    const url = new URL('../../marbles/pulse.txt', import.meta.url)
    expect(() => diagram(url, {})).toThrow(
      'marbles/pulse.txt:7: there is no expression with the key "pulse(500)"',
    )
    expect(() => diagram(text, {})).toThrow('diagram:7: there is no expression with the key "fahrenheit"')
    expect(() => diagram('pulse.txt', {})).toThrow(
      `the diagram pulse.txt cannot be read from ${process.cwd()}: there is no such file. Beside the test it is new URL('pulse.txt', import.meta.url)`,
    )
    expect(() => diagram(new URL('pulse.txt', url.href + '/'), {})).toThrow(
      `the diagram marbles/pulse.txt/pulse.txt cannot be read from ${process.cwd()}: there is no such file`,
    )
  })

  it('fails when something else comes out', () => {
    expect(() => diagram(text, { fahrenheit: () => NEVER })).toThrow(
      'diagram:9: The marbles of "fahrenheit" differ at frame 1: b is missing',
    )
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
