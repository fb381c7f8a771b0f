import { escapeControls } from '../logging/escapeControls.js'

/** The error for a line that somebody else holds; `holder` is what they call themselves. */
export const lineHeldError = (line: number, holder: string): Error =>
  new Error(
    `expected GPIO ${line} to be free, but ${holder ? `"${escapeControls(holder)}"` : 'somebody'} holds it: end that, or choose another Pin`,
  )
