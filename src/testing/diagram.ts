import { readFileSync } from 'node:fs'
import { diagrams, type Expressions } from './diagrams.js'

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
