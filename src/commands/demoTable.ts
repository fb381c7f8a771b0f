/** What the demo's own client has seen on one topic. */
export interface TopicRow {
  readonly topic: string
  readonly value: string
  readonly count: number
  /** When the last message came, milliseconds since the epoch. */
  readonly at: number
}

/** Draws the topics as aligned columns: topic, value, age, count. `now` in milliseconds since the epoch. */
export function demoTable(rows: readonly TopicRow[], now: number): string {
  const cells = rows
    .toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
    .map((row) => [
      row.topic,
      row.value,
      `${Math.max(0, Math.round((now - row.at) / 1000))} s`,
      `${row.count}`,
    ])
  const table = [['topic', 'value', 'age', 'count'], ...cells]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return table.map(line).join('\n')
}
