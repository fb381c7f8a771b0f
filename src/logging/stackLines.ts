import { escapeControls } from './escapeControls.js'

/** Where the errors among the parts of a message come from, one line a call. */
export const stackLines = (parts: readonly unknown[]): string[] =>
  parts
    .flatMap((part) => (part instanceof Error ? (part.stack ?? '').split('\n') : []))
    .filter((line) => /^\s+at /.test(line))
    .map(escapeControls)
