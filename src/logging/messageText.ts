import { inspect } from 'node:util'
import { escapeControls } from './escapeControls.js'

// The error of a failed connection to several addresses of one host has no message of its own.
const errorText = (error: Error): string =>
  error.message ||
  (error instanceof AggregateError
    ? error.errors.map((each: unknown) => (each instanceof Error ? errorText(each) : String(each))).join(', ')
    : error.name)

const partText = (part: unknown): string => {
  if (typeof part === 'string') return part
  return part instanceof Error ? errorText(part) : inspect(part, { breakLength: Infinity })
}

/** Turns what a logger was called with into one line: texts as they are (no `%s`), errors as their message. */
export const messageText = (parts: readonly unknown[]): string =>
  escapeControls(parts.map(partText).join(' '))
