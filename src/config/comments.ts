/** The comments of a configuration that have lines of their own, each given once: to what stands below it. */
export function commentsOf(text: string): { readonly above: (line: number) => string[] } {
  const lines = text.split(/\r\n|\r|\n/)
  let taken = 0
  return {
    /** Without what marks them as comments; a blank line stands between those that are apart. */
    above: (line) => {
      let first = line - 1
      while (first > taken && /^\s*([#;]|$)/.test(lines[first - 1] ?? '')) first--
      const found = lines.slice(first, Math.max(line - 1, first))
      taken = Math.max(taken, line)
      return found
        .map((comment) => comment.replace(/^\s*[#;]?/, '').trimEnd())
        .join('\n')
        .replace(/^\n+|\n+$/g, '')
        .split('\n')
        .filter((comment, place, { length }) => comment !== '' || (place > 0 && length > 1))
    },
  }
}
