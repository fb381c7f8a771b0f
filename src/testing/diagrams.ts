import { readFileSync } from 'node:fs'
import { catchError, type Observable, throwError } from 'rxjs'
import type { RunHelpers } from 'rxjs/testing'
import { marbles } from './marbles.js'
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
  const texts = isText ? { 'the diagram': source } : { [String(source)]: readFileSync(source, 'utf8') }
  for (const { run } of diagrams(texts, expressions)) run()
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
  const drawn = Object.entries(texts).map(([file, text]) => ({ file, diagram: parse(file, text) }))
  const spare = Object.keys(expressions).filter((key) =>
    drawn.every(({ diagram }) => diagram.operator !== key),
  )
  if (spare.length > 0) throw new Error(`no diagram says "> ${spare.join('", "> ')}"`)
  return drawn.map(({ file, diagram }) => {
    const expression = expressions[diagram.operator]
    if (!expression)
      throw new Error(`${file} says "> ${diagram.operator}", and there is no expression for it`)
    return { name: `${file}: ${diagram.sentence}`, run: () => runDiagram(diagram, expression) }
  })
}

function parse(file: string, text: string): Diagram {
  try {
    return parseDiagram(text)
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error })
  }
}

/** Whatever is still running where the expected line ends is unsubscribed there. */
function runDiagram({ inputs, expected, frame }: Diagram, expression: Expressions[string]): void {
  const late: { readonly input: DrawnStream; readonly stream: ReturnType<RunHelpers['cold']> }[] = []
  marbles(({ hot, cold, expectObservable }) => {
    const streams = inputs.map((input) => {
      const values = input.values as Record<string, never>
      if (input.indent === 0) return hot(input.marbles, values)
      const stream = cold(input.marbles, values)
      late.push({ input, stream })
      return stream
    })
    const end = `^${'-'.repeat(expected.marbles.length - 1)}!`
    // A diagram cannot say which error it is: where it expects one, any will do.
    const failure = new Error('any error')
    const result$ = expected.marbles.includes('#')
      ? expression(...streams).pipe(catchError(() => throwError(() => failure)))
      : expression(...streams)
    expectObservable(result$, end).toBe(expected.marbles, expected.values, failure)
  }, frame)
  for (const { input, stream } of late) {
    const frames = stream.subscriptions.map(({ subscribedFrame }) => subscribedFrame / frame)
    if (frames.length === 1 && frames[0] === input.indent) continue
    const got = frames.length > 0 ? `at ${frames.join(', ')}` : 'never'
    throw new Error(`expected "${input.title}" to be subscribed to at frame ${input.indent}, got ${got}`)
  }
}
