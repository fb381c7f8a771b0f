import { escapeControls } from '../logging/escapeControls.js'

/** Where a module's own code failed, in a stack: the file's name without the query of `loadModule`, and the line. */
const place = /file:\/\/\S*?([^/\s]+?)(?:\?\S*?)?:(\d+)(?::\d+)?\)?$/m

/** What somebody else's code threw, in one line, with the place where it is known: `TypeError: x is not a function (attic.js:3)`. */
export function thrownText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return escapeControls(`it threw ${String(thrown)}`)
  const [, file, line] = place.exec(thrown.stack ?? '') ?? []
  return escapeControls(`${String(thrown)}${file && line ? ` (${file}:${line})` : ''}`)
}
