import { readFileSync, writeFileSync } from 'node:fs'
import { renderDiagram } from '../marbles/renderDiagram.js'
import { fileFault } from '../plugin/problems.js'
import { parseDiagram } from '../testing/parseDiagram.js'

/** What the command `marble` may be told. */
export interface MarbleOptions {
  /** The picture's file; `-` is standard output. @default beside the text */
  readonly output?: string
  /** For dark pages. */
  readonly dark?: true
}

/** Draws a marble diagram as SVG. Resolves to the exit code: 0 drawn, 3 it cannot be read, drawn or written. */
export async function marble(file: string, { output, dark }: MarbleOptions): Promise<number> {
  const picture = output ?? file.replace(/(\.txt)?$/, dark ? '-dark.svg' : '.svg')
  try {
    const text = readFileSync(file, 'utf8')
    // Swirly draws something of any text; this says what is wrong with one.
    parseDiagram(text)
    const svg = await renderDiagram(text, dark ? 'dark' : 'light')
    if (picture === '-') process.stdout.write(svg)
    else writeFileSync(picture, svg)
    return 0
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    console.error(`${file} cannot be drawn: ${code === undefined ? message : fileFault(error)}`)
    return 3
  }
}
