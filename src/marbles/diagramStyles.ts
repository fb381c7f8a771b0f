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
export const diagramStyles: Readonly<Record<'light' | 'dark', Readonly<Record<string, string | number>>>> = {
  light: sizes,
  dark: { ...sizes, ...dark },
}
