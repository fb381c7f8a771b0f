import { escapeControls } from '../logging/escapeControls.js'
import type { Problem } from './problem.js'

/** One line, as compilers write it: `FILE:LINE: error: [Section] Key: message`. */
export function formatProblem(file: string, { severity, line, section, key, message }: Problem): string {
  const place = line > 0 ? `${file}:${line}` : file
  const subject = (section === undefined ? '' : `[${section}] `) + (key === undefined ? '' : `${key}: `)
  return escapeControls(`${place}: ${severity}: ${subject}${message}`)
}
