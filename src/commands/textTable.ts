/** Aligns the cells of rows, the first of which is the header; those under the headers in `right` at their right end. */
export function textTable(rows: readonly (readonly string[])[], right: readonly string[] = []): string {
  const header = rows[0] ?? []
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) =>
      header
        .map((title, column) => {
          const [cell = '', width = 0] = [row[column], widths[column]]
          return right.includes(title) ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
