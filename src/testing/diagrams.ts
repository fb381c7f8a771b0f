import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { isObservable, type Observable } from 'rxjs'
import type { RunHelpers } from 'rxjs/testing'
import { fileFault, nearest } from '../fields/problems.js'
import { drawnMarbles } from './marbles.js'
import { type Diagram, type DrawnStream, parseDiagram } from './parseDiagram.js'

/**
 * Runs one marble diagram, from a file (a path or URL) or its own text, in virtual time: the words after its `>` are the key
 * of the expression to run, which is given the streams above from top to bottom. Throws an Error, under every test
 * runner, when something else comes out than the last stream shows; when the key is missing; and when one is left over.
 *
 * @example
 * const text = '% Twice as much.\n\n-a-|\na := 1\n\n> doubled\n\n-b-|\nb := 2'
 * diagram(text, { doubled: (numbers$: Observable<number>) => numbers$.pipe(map((n) => n * 2)) })
 */
export function diagram(source: string | URL, expressions: Expressions): void {
  const isText = typeof source === 'string' && source.includes('\n')
  const texts = isText ? { diagram: source } : { [nameOf(source)]: read(source) }
  for (const { run } of diagrams(texts, expressions)) run()
}

/** A file as an editor finds it. */
const nameOf = (source: string | URL) =>
  source instanceof URL && source.protocol === 'file:' ? relative('', fileURLToPath(source)) : String(source)

function read(source: string | URL): string {
  try {
    return readFileSync(source, 'utf8')
  } catch (cause) {
    const advice =
      typeof source === 'string' ? `. Beside the test it is new URL('${source}', import.meta.url)` : ''
    throw new Error(
      `the diagram ${nameOf(source)} cannot be read from ${process.cwd()}: ${fileFault(cause)}${advice}`,
      { cause },
    )
  }
}

/** What to run for the words after `>` of a diagram; it is given the diagram's streams from top to bottom. */
export type Expressions = Readonly<Record<string, (...inputs: Observable<never>[]) => Observable<unknown>>>

/** A diagram as a test: what to call it, and what to run, which throws an Error where something else comes out. */
export interface DiagramTest {
  /** The file, and the sentence of the diagram. */
  readonly name: string
  /** Runs it in virtual time; throws where something else comes out. */
  readonly run: () => void
}

/**
 * Makes tests of the texts of marble diagrams, by file name. Throws when a diagram has no expression, or an expression no
 * diagram.
 *
 * @example
 * const texts = { 'doubled.txt': '% Twice as much.\n\n-a-|\na := 1\n\n> doubled\n\n-b-|\nb := 2' }
 * const expressions = { doubled: (numbers$: Observable<number>) => numbers$.pipe(map((n) => n * 2)) }
 * for (const { run } of diagrams(texts, expressions)) run()
 */
export function diagrams(texts: Readonly<Record<string, string>>, expressions: Expressions): DiagramTest[] {
  const drawn = Object.entries(texts).map(([file, text]) => ({ file, diagram: parseDiagram(text, file) }))
  const keys = Object.keys(expressions)
  const wanted = drawn.map(({ diagram }) => diagram.operator)
  const faults = [
    ...drawn
      .filter(({ diagram }) => !keys.includes(diagram.operator))
      .map(
        ({ file, diagram: { line, operator } }) =>
          `${file}:${line}: there is no expression with the key "${operator}"${meant(nearest(operator, keys))}`,
      ),
    ...keys
      .filter((key) => !wanted.includes(key))
      .map((key) => `no diagram says "> ${key}"${meant(nearest(key, wanted))}`),
  ]
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return drawn.map(({ file, diagram }) => ({
    name: `${file}: ${diagram.sentence}`,
    run: () => runDiagram(file, diagram, expressions[diagram.operator]),
  }))
}

const meant = (word: string | undefined) => (word === undefined ? '' : `, did you mean "${word}"?`)

/** Whatever is still running where the expected line ends is unsubscribed there. */
function runDiagram(file: string, diagram: Diagram, expression: unknown): void {
  const { inputs, expected, frame } = diagram
  const drawn: Source[] = []
  const drawing = {
    frame,
    title: expected.title,
    place: `${file}:${expected.line}`,
    // A diagram cannot say which error it is.
    anyError: true,
  }
  try {
    drawnMarbles(
      ({ hot, cold, expectObservable }) => {
        for (const input of inputs) {
          const make = input.indent === 0 ? hot : cold
          drawn.push({ input, stream: make(input.marbles, input.values) })
        }
        const end = `^${'-'.repeat(expected.marbles.length - 1)}!`
        const result$ = resultOf(`${file}:${diagram.line}`, diagram.operator, expression, drawn)
        expectObservable(result$, end).toBe(expected.marbles, expected.values)
      },
      drawing,
      runDiagram,
    )
  } catch (cause) {
    // The expression made nothing that could have subscribed.
    if (cause instanceof TypeError) throw cause
    const faults = drawn.flatMap((source) => untimely(file, source, frame))
    if (faults.length === 0) throw cause
    throw new Error([...faults, (cause as Error).message].join('\n'), { cause })
  }
  // What came out is right; it must not be so by chance.
  const faults = drawn
    .filter(({ input }) => input.indent > 0)
    .flatMap((source) => untimely(file, source, frame))
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

/** A stream of a diagram, and what stands for it. */
interface Source {
  readonly input: DrawnStream
  readonly stream: ReturnType<RunHelpers['cold'] | RunHelpers['hot']>
}

/** What the expression for a diagram makes of its streams; throws where that is none, an Error that says where it is asked for. */
function resultOf(
  place: string,
  key: string,
  expression: unknown,
  drawn: readonly Source[],
): Observable<unknown> {
  if (typeof expression !== 'function')
    throw new TypeError(`${place}: expected a function for "${key}", got ${kindOf(expression)}`)
  let result: unknown
  try {
    result = (expression as (...inputs: unknown[]) => unknown)(...drawn.map(({ stream }) => stream))
  } catch (cause) {
    throw new TypeError(
      `${place}: expected "${key}" to return an Observable, but it threw ${String(cause)}`,
      { cause },
    )
  }
  if (isObservable(result)) return result
  throw new TypeError(`${place}: expected "${key}" to return an Observable, got ${kindOf(result)}`)
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return 'a Promise: it must return at once'
  if (typeof value === 'function') return 'a function: is it an operator that nothing goes through?'
  return value === undefined ? 'undefined: does it lack a return?' : inspect(value)
}

/** What is wrong with when a stream was subscribed to: a cold one has to be where it begins, of a hot one nothing may be missed. */
function untimely(file: string, { input, stream }: Source, frame: number): string[] {
  const { indent, line, marbles, title } = input
  const frames = stream.subscriptions.map(({ subscribedFrame }) => subscribedFrame / frame)
  const name = `"${title || marbles}"`
  const got = frames.length > 0 ? `at frame ${frames.join(', ')}` : 'never'
  if (indent > 0)
    return frames.length === 1 && frames[0] === indent
      ? []
      : [
          `${file}:${line}: expected ${name} to be subscribed to at frame ${indent}, where it begins, for an indented stream is cold; got ${got}`,
        ]
  const first = marbles.search(/[^-]/)
  return first < 0 || (frames[0] ?? Infinity) <= first
    ? []
    : [
        `${file}:${line}: expected ${name} to be subscribed to before frame ${first}, for it is hot; got ${got}`,
      ]
}
