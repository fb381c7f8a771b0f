import { parseMarbleDiagramSpecification } from '@swirly/parser'
import { renderMarbleDiagram } from '@swirly/renderer-node'
import { lightStyles } from '@swirly/theme-default-light'

const styles = {
  ...lightStyles,
  event_radius: 30,
  event_value_font_size: 11,
  completion_height: 40,
  frame_width: 34,
  stacking_height: 66,
  stream_title_width: 125,
  operator_title_font_size: 20,
}

/** Draws the text of a marble diagram as SVG; a label of two words goes on two lines of its circle. */
export function renderDiagram(text) {
  const diagram = parseMarbleDiagramSpecification(text)
  // Swirly ends an arrow at its last marble; a stream that goes on should look as if it did.
  const streams = diagram.content.filter(({ kind }) => kind === 'S')
  const end = Math.max(...streams.map(({ frame, duration }) => frame + duration))
  for (const stream of streams.filter(isEndless)) stream.duration = end - stream.frame
  const { xml } = renderMarbleDiagram(diagram, { styles })
  const label = /(<text x="0" y="0"[^>]*>)(\S+) (\S+)<\/text>/g
  return `${xml.replace(label, `$1${line('-0.5em', '$2')}${line('1.1em', '$3')}</text>`)}\n`
}

const isEndless = ({ messages }) => messages.every(({ notification }) => notification.kind === 'N')

const line = (dy, word) => `<tspan x="0" dy="${dy}">${word}</tspan>`
