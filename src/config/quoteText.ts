import { escapeControls } from '../logging/escapeControls.js'

const longest = 60

/**
 * A text from outside as it may stand in a message: in quotes, escaped, of moderate length, without `user:password@`.
 * Only its first line is shown: a password that was indented by mistake has become part of the value above it.
 */
export function quoteText(text: string): string {
  const [first = '', ...more] = withoutLogin(text).split('\n')
  const start = first.length > longest ? `${first.slice(0, longest)}…` : first
  return `"${escapeControls(start)}"${more.length > 0 ? ' and more lines (an indented line continues the one above)' : ''}`
}

function withoutLogin(text: string): string {
  const end = text.lastIndexOf('@')
  if (end < 0 || !text.slice(0, end).includes(':')) return text
  const protocol = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? ''
  return `${protocol}***${text.slice(end)}`
}
