import { inspect } from 'node:util'

/** A value on one line, as a message shows it. */
export const show = (value: unknown): string =>
  value instanceof Error ? String(value) : inspect(value, { breakLength: Infinity })
