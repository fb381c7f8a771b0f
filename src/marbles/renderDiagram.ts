import type { Reading } from '../model.js'
import { type DrawnStream, durationText, parseDiagram } from '../testing/parseDiagram.js'

interface Stream {
  readonly kind: string
  readonly frame: number
  duration: number
  readonly messages: readonly { readonly frame: number; readonly notification: { readonly kind: string } }[]
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
  ) => { readonly xml: string; readonly width: number; readonly height: number }
  readonly lightStyles: object
}

/**
 * Draws the text of a marble diagram as SVG, for light or for dark pages: its sentence above, how long a character takes
 * below, and in the marbles the last part of a topic and the value.
 * Rejects with a SyntaxError that says what is wrong with the text, or with an Error that says what to install when Swirly,
 * which draws, is not there.
 *
 * @example await renderDiagram('-a-|\n\n> delay(1)\n\n--a-|', 'dark') // <svg …
 */
export async function renderDiagram(
  text: string,
  page: keyof typeof colours = 'light',
  file = 'diagram',
): Promise<string> {
  const { sentence, frame, inputs, operator, expected } = parseDiagram(text, file)
  const { parseMarbleDiagramSpecification, renderMarbleDiagram, lightStyles } = await swirly()
  const drawing = parseMarbleDiagramSpecification(text)
  // Swirly ends an arrow at its last marble; a stream that goes on should look as if it did.
  const arrows = drawing.content.filter(({ kind }) => kind === 'S')
  const end = Math.max(...arrows.map(({ frame, duration }) => frame + duration))
  for (const stream of arrows.filter(isEndless)) stream.duration = end - stream.frame

  const frameWidth = arrows.some(isDense) ? 2 * (sizes.event_radius + 2) : sizes.frame_width
  const streams = [...inputs, expected]
  const topics = shortTopics(streams)
  const legend = [...topics].flatMap(([topic, short]) => (topic === short ? [] : [`${short} is ${topic}`]))
  const { width, height, xml } = renderMarbleDiagram(drawing, {
    styles: {
      ...lightStyles,
      ...sizes,
      frame_width: frameWidth,
      ...colours[page].swirly,
      background_color: 'transparent',
      minimum_width: Math.max(
        420,
        widthOf(operator, sizes.operator_title_font_size) + 40,
        ...legend.map((line) => widthOf(line, 14)),
      ),
      stream_title_width:
        Math.max(...streams.map(({ title }) => widthOf(title, 18))) + sizes.event_radius + 12,
    },
  })
  const above = wrapped(sentence, width - 2 * padding).map((line, index) =>
    textAt(padding, 32 + 24 * index, line, 'font-size="18px" font-weight="bold"'),
  )
  const top = above.length > 0 ? 24 * above.length + 16 : 0
  const scale = `<line x1="${padding}" y1="0" x2="${padding + frameWidth}" y2="0" stroke="currentColor" stroke-width="2"/>`
  const below = [
    `${scale}${textAt(padding + frameWidth + 6, 0, `= ${durationText(frame)}`)}`,
    ...legend.map((line, index) => textAt(padding, 22 * (index + 1), line)),
  ]
  const whole = top + height + 22 * below.length
  const swirls = xml.replace(/^<svg[^>]*>/, '').replace(/<\/svg>$/, '')
  const marbles = swirls.replace(
    /<text x="0" y="0"([^>]*)>([^<]+)<\/text>/g,
    (_, style: string, label: string) => labelIn(style, label, topics),
  )
  const { ink, paper } = colours[page]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" width="${width}" height="${whole}" color="${ink}"><rect width="${width}" height="${whole}" fill="${paper}"/>${above.join('')}<g transform="translate(0 ${top})">${marbles}</g><g transform="translate(0 ${top + height - 2})">${below.join('')}</g></svg>\n`
}

/** About as wide (px) as a text in Arial is. */
const widthOf = (text: string, fontSize: number) => Math.ceil(text.length * fontSize * 0.55)

const textAt = (x: number, y: number, text: string, style = 'font-size="14px"') =>
  `<text x="${x}" y="${y}" fill="currentColor" font-family="Arial, Helvetica, sans-serif" dominant-baseline="middle" ${style}>${escaped(text)}</text>`

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A text as lines that are not wider (px) than that. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim()
    if (lines.length > 0 && widthOf(longer, 18) <= width) lines[lines.length - 1] = longer
    else if (word !== '') lines.push(word)
  }
  return lines
}

/** What stands in a marble for each topic of a diagram: its last part, or as many as tell it from the others. */
function shortTopics(streams: readonly DrawnStream[]): ReadonlyMap<string, string> {
  const values = streams.flatMap(({ values }) => Object.values(values))
  const topics = [...new Set(values.flatMap((value) => (isReading(value) ? [value.destination] : [])))]
  return new Map(
    topics.map((topic) => {
      const parts = topic.split('/')
      const suffixes = parts.map((_, index) => parts.slice(parts.length - 1 - index).join('/'))
      const others = topics.filter((other) => other !== topic).map((other) => `/${other}`)
      return [
        topic,
        suffixes.find((suffix) => !others.some((other) => other.endsWith(`/${suffix}`))) ?? topic,
      ]
    }),
  )
}

const isReading = (value: unknown): value is Reading => typeof value === 'object' && value !== null

/** A marble's label: a word, or the name of a topic above a value, each as large as fits. */
function labelIn(style: string, label: string, topics: ReadonlyMap<string, string>): string {
  const [topic = '', value] = label.split(' ')
  const words = value === undefined ? [topic] : [topics.get(topic) ?? topic, value]
  const lines = words.map((word, index) => {
    const dy = words.length === 1 ? '0' : (['-0.55em', '1.15em'][index] ?? '0')
    const size = Math.min(13, Math.floor(48 / (word.length * (/[a-z]/.test(word) ? 0.55 : 0.68))))
    const squeeze = size < smallest ? ` textLength="48" lengthAdjust="spacingAndGlyphs"` : ''
    return `<tspan x="0" dy="${dy}" font-size="${Math.max(size, smallest)}px"${squeeze}>${word}</tspan>`
  })
  return `<text x="0" y="0"${style}>${lines.join('')}</text>`
}

/** What can be read, px. */
const smallest = 7

const isEndless = ({ messages }: Stream) => messages.every(({ notification }) => notification.kind === 'N')

/** Whether letters stand beside each other in it: their marbles need more room. */
const isDense = ({ messages }: Stream) => {
  const frames = new Set(
    messages.filter(({ notification }) => notification.kind === 'N').map(({ frame }) => frame),
  )
  return [...frames].some((frame) => frames.has(frame + 1))
}

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

/** Around the drawing, px: as Swirly's themes have it. */
const padding = 25

/** Sizes for labels of two words, in Swirly's own words. */
const sizes = {
  event_radius: 30,
  event_value_font_size: 13,
  completion_height: 40,
  frame_width: 34,
  stacking_height: 66,
  operator_title_font_size: 20,
  canvas_padding: padding,
}

const dark = '#e6edf3'

/** The colours of light pages, and GitHub's own of dark ones; Swirly's light theme differs from `swirly`. */
const colours = {
  light: { ink: 'black', paper: 'white', swirly: {} },
  dark: {
    ink: dark,
    paper: '#0d1117',
    swirly: {
      arrow_stroke_color: dark,
      barrier_color: 'rgba(230, 237, 243, 0.5)',
      completion_stroke_color: dark,
      error_color: dark,
      event_fill_color: 'auto_dark',
      event_stroke_color: dark,
      event_value_color: dark,
      operator_fill_color: '#0d1117',
      operator_stroke_color: dark,
      operator_title_color: dark,
      range_stroke_color: dark,
      stream_title_color: dark,
    },
  },
}
