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

/** Sizes for labels of two words and titles of twelve characters, in Swirly's own words. */
const sizes = {
  event_radius: 30,
  event_value_font_size: 11,
  completion_height: 40,
  frame_width: 34,
  stacking_height: 66,
  stream_title_width: 125,
  operator_title_font_size: 20,
}

/** GitHub's own colours for dark pages. */
const [ink, paper] = ['#e6edf3', '#0d1117']

const dark = {
  arrow_stroke_color: ink,
  background_color: paper,
  barrier_color: 'rgba(230, 237, 243, 0.5)',
  completion_stroke_color: ink,
  error_color: ink,
  event_fill_color: 'auto_dark',
  event_stroke_color: ink,
  event_value_color: ink,
  operator_fill_color: paper,
  operator_stroke_color: ink,
  operator_title_color: ink,
  range_stroke_color: ink,
  stream_title_color: ink,
}

/** How a diagram looks on light and on dark pages: what differs from Swirly's light theme. */
const diagramStyles: Readonly<Record<'light' | 'dark', Readonly<Record<string, string | number>>>> = {
  light: sizes,
  dark: { ...sizes, ...dark },
}
