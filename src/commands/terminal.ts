import { messageText } from '../logging/records.js'
import type { Logger } from '../model.js'

/** For commands whose standard output is their product: warnings and errors go to standard error, the rest nowhere. */
export const consoleLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (...parts: unknown[]) => console.error(...parts),
  error: (...parts: unknown[]) => console.error(...parts),
}

/** A logger that keeps its latest lines to be shown, those of DEBUG left out. */
export function recentLog(count: number): { readonly lines: readonly string[]; readonly logger: Logger } {
  const lines: string[] = []
  const keep = (...parts: unknown[]) => {
    lines.push(messageText(parts))
    if (lines.length > count) lines.shift()
  }
  return { lines, logger: { debug: () => undefined, info: keep, warn: keep, error: keep } }
}

/** How well a packet was received (dBm), as four characters: all of them from -60 dBm on, one below -80, none below -90. */
export function signalBar(rssi: number): string {
  const steps = Math.min(4, Math.max(0, Math.floor((rssi + 100) / 10)))
  return '▂▄▆█'.slice(0, steps).padEnd(4, '·')
}

/**
 * Aligns the cells of rows, the first of which is the header; those under the headers in `right` at their right end. Where
 * the table would be too wide, one column gives way: its long cells are cut.
 */
export function textTable(
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
  cut?: CutColumn,
): string {
  const header = rows[0] ?? []
  const widths = header.map((title, column) => ({
    title,
    width: Math.max(...rows.map((row) => (row[column] ?? '').length)),
  }))
  const excess =
    widths.reduce((sum, { width }) => sum + width + gap.length, -gap.length) - (cut?.total ?? Infinity)
  for (const column of widths)
    if (column.title === cut?.title)
      column.width = Math.min(column.width, Math.max(column.width - excess, cut.least))
  return rows
    .map((row) =>
      widths
        .map(({ title, width }, column) => {
          const text = row[column] ?? ''
          const cell = text.length > width ? `${text.slice(0, width - 1)}…` : text
          return right.includes(title) ? cell.padStart(width) : cell.padEnd(width)
        })
        .join(gap)
        .trimEnd(),
    )
    .join('\n')
}

const gap = '  '

/** The column whose cells are cut, to the width that is left of a total, but never below the least (characters). */
interface CutColumn {
  readonly title: string
  readonly total: number
  readonly least: number
}
