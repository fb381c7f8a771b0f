import { diagramStyles } from './diagramStyles.js'

interface Stream {
  readonly kind: string
  readonly frame: number
  duration: number
  readonly messages: readonly { readonly notification: { readonly kind: string } }[]
}

interface Drawing {
  readonly content: readonly Stream[]
}

/** The part of Swirly that is used; its own types need a package that it does not bring along. */
interface Swirly {
  readonly parseMarbleDiagramSpecification: (text: string) => Drawing
  readonly renderMarbleDiagram: (
    drawing: Drawing,
    options: { readonly styles: object },
  ) => { readonly xml: string }
  readonly lightStyles: object
}

/**
 * Draws the text of a marble diagram as SVG, for light or for dark pages; a label of two words goes on two lines of its circle.
 * Rejects with an Error that says what to install when Swirly, which draws, is not there.
 *
 * @example await renderDiagram('-a-|\n\n> delay(1)\n\n--a-|', 'dark') // <svg …
 */
export async function renderDiagram(
  text: string,
  page: keyof typeof diagramStyles = 'light',
): Promise<string> {
  const { parseMarbleDiagramSpecification, renderMarbleDiagram, lightStyles } = await swirly()
  const drawing = parseMarbleDiagramSpecification(text)
  // Swirly ends an arrow at its last marble; a stream that goes on should look as if it did.
  const streams = drawing.content.filter(({ kind }) => kind === 'S')
  const end = Math.max(...streams.map(({ frame, duration }) => frame + duration))
  for (const stream of streams.filter(isEndless)) stream.duration = end - stream.frame
  const { xml } = renderMarbleDiagram(drawing, { styles: { ...lightStyles, ...diagramStyles[page] } })
  const label = /(<text x="0" y="0"[^>]*>)(\S+) (\S+)<\/text>/g
  return `${xml.replace(label, `$1${line('-0.5em', '$2')}${line('1.1em', '$3')}</text>`)}\n`
}

const isEndless = ({ messages }: Stream) => messages.every(({ notification }) => notification.kind === 'N')

const line = (dy: string, word: string) => `<tspan x="0" dy="${dy}">${word}</tspan>`

/** Loaded when something is drawn: a daemon draws nothing, and does without these packages. */
async function swirly(): Promise<Swirly> {
  try {
    const parts = [
      import('@swirly/parser'),
      import('@swirly/renderer-node'),
      import('@swirly/theme-default-light'),
    ]
    const [parser, renderer, theme] = await Promise.all(parts)
    return { ...parser, ...renderer, ...theme } as unknown as Swirly
  } catch (error) {
    throw new Error(
      'Diagrams are drawn by Swirly, which is not installed here. To install it: npm install @swirly/parser @swirly/renderer-node @swirly/theme-default-light',
      { cause: error },
    )
  }
}
