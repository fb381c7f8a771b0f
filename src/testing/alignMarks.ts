/** One character of a marble line, and when it happens, in ms. */
export interface Mark {
  readonly frame: number
  readonly sign: string
}

const longestGap = 60

/**
 * Draws marble lines below each other so that the same time is the same column. `unit` is the ms of one character;
 * a long silence is written as a time (` 59s `) instead of dashes.
 */
export function alignMarks(rows: readonly (readonly Mark[])[], unit: number) {
  const frames = [...new Set(rows.flat().map(({ frame }) => frame))].sort((a, b) => a - b)
  const columns = new Map<number, number>()
  let lines = rows.map(() => '')
  let width = 0
  let drawn = 0
  for (const frame of frames) {
    const gap = gapText(Math.round(frame / unit) - drawn, unit)
    const cells = rows.map((row) => grouped(row.filter((mark) => mark.frame === frame)))
    const cellWidth = Math.max(...cells.map((cell) => cell.length))
    columns.set(frame, width + gap.length)
    lines = lines.map((line, row) => line + gap + (cells[row] ?? '').padEnd(cellWidth, '-'))
    width += gap.length + cellWidth
    drawn = Math.round(frame / unit) + cellWidth
  }
  return {
    lines: lines.map((line) => line.replace(/(-| \d+m?s )+$/, '') || '-'),
    columnOf: (frame: number) => columns.get(frame) ?? 0,
  }
}

function gapText(characters: number, unit: number): string {
  if (characters <= longestGap) return '-'.repeat(Math.max(0, characters))
  const ms = characters * unit
  return ms % 1000 === 0 ? ` ${ms / 1000}s ` : ` ${ms}ms `
}

function grouped(marks: readonly Mark[]): string {
  const signs = marks.map(({ sign }) => sign).join('')
  return signs.length > 1 ? `(${signs})` : signs
}
