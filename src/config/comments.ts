/** The comments of a configuration that have lines of their own, each given once. */
export function commentsOf(text: string): {
  /** Those directly above what stands at a line. */
  readonly above: (line: number) => string[]
  /** Those before a line that belonged to nothing that is written. */
  readonly left: (before?: number) => string[]
} {
  const lines = text.split(/\r\n|\r|\n/)
  const isComment = (line = 'none') => /^\s*([#;]|$)/.test(line)
  /** Without what marks them as comments; a blank line stands between those that are apart. */
  const take = (first: number, end: number) => {
    const found = lines.slice(first, end).filter(isComment)
    for (const [place, line] of lines.entries())
      if (place >= first && place < end && isComment(line)) lines[place] = ''
    return found
      .map((comment) => comment.replace(/^\s*[#;]?/, '').trimEnd())
      .join('\n')
      .replace(/^\n+|\n+$/g, '')
      .replace(/\n{2,}/g, '\n\n')
      .split('\n')
      .filter((comment, place, { length }) => comment !== '' || (place > 0 && length > 1))
  }
  return {
    above: (line) => {
      const end = Math.max(line - 1, 0)
      let first = end
      while (first > 0 && isComment(lines[first - 1])) first--
      return take(first, end)
    },
    left: (before = lines.length + 1) => take(0, before - 1),
  }
}
