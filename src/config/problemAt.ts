import type { Problem } from './problem.js'

/**
 * A problem with something that has a place in the file, a parameter for example. A key is named up to its first space
 * only: the rest of `Password c2VjcmV0=` is a password whose `=` was forgotten.
 */
export const problemAt = (
  { line, section, key }: { line: number; section?: string | undefined; key?: string | undefined },
  severity: Problem['severity'],
  message: string,
): Problem => ({
  severity,
  line,
  message,
  ...(section !== undefined && { section }),
  ...(key !== undefined && { key: key.replace(/\s.*/s, '') }),
})
