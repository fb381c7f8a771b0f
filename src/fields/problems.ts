import { closest, distance } from 'fastest-levenshtein'

/** One line, as compilers write it: `FILE:LINE: error: [Section] Key: message`. */
export function formatProblem(file: string, { severity, line, section, key, message }: Problem): string {
  const place = line > 0 ? `${file}:${line}` : file
  const subject = (section === undefined ? '' : `[${section}] `) + (key === undefined ? '' : `${key}: `)
  return escapeControls(`${place}: ${severity}: ${subject}${message}`)
}

/** Something in a configuration that is wrong, or that is probably not meant. */
export interface Problem {
  /** A configuration with an error cannot be used; one with warnings can. */
  readonly severity: 'error' | 'warning'
  /** Counted from 1; 0 when it is the file as a whole. */
  readonly line: number
  /** Name of the ini section. */
  readonly section?: string
  /** The parameter, as it is written in the file. */
  readonly key?: string
  /** What was expected, what was got and what to do; never a secret. */
  readonly message: string
  /** The text is right as far as it goes: the machine does not give now what it names, and may do so later. */
  readonly cause?: 'machine'
}

/** What a configuration names cannot be had now: a share that is not mounted, a secret that is not there yet. */
export class NotAvailable extends Error {}

/**
 * A problem with something that has a place in the file, a parameter for example. A key is named up to its first space
 * only: the rest of `Password c2VjcmV0=` is a password whose `=` was forgotten.
 */
export const problemAt = (
  { line, section, key }: { line: number; section?: string | undefined; key?: string | undefined },
  severity: Problem['severity'],
  message: string,
  cause?: Problem['cause'],
): Problem => ({
  severity,
  line,
  message,
  ...(cause && { cause }),
  ...(section !== undefined && { section }),
  ...(key !== undefined && { key: key.replace(/\s.*/s, '') }),
})

/** By line, each once: a value of `[DEFAULT]` is read for every section, with the same result. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const distinct = new Map(problems.map((problem) => [formatProblem('', problem), problem]))
  return [...distinct.values()].sort((one, other) => one.line - other.line)
}

/** What a parameter says, as it may stand in a message. */
export const showParameter = ({
  text,
  secret,
}: {
  readonly text: string
  readonly secret: boolean
}): string => (secret ? 'a secret value' : quoteText(text))

/**
 * A text from outside as it may stand in a message: in quotes, escaped, of moderate length, without `user:password@`.
 * Only its first line is shown: a password that was indented by mistake has become part of the value above it.
 */
export function quoteText(text: string): string {
  const [first = '', ...more] = withoutLogin(text).split('\n')
  const start = first.length > longest ? `${first.slice(0, longest)}…` : first
  return `"${escapeControls(start)}"${more.length > 0 ? ' and more lines (an indented line continues the one above)' : ''}`
}

const longest = 60

/**
 * Makes control characters, line separators, invisible formatting (text direction) and lone surrogates visible, so
 * that text from the air or the network can neither forge a line nor command a terminal.
 *
 * @example escapeControls('a\nb\x1b[2J') // 'a\\nb\\u{1b}[2J'
 */
export const escapeControls = (text: string): string =>
  // Most text is plain, and looking through all of Unicode takes V8 a while, once.
  /^[ -~]*$/.test(text)
    ? text
    : text.replace(
        /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
        (character) => names[character] ?? `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
      )

const names: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function withoutLogin(text: string): string {
  const end = text.lastIndexOf('@')
  if (end < 0 || !text.slice(0, end).includes(':')) return text
  const protocol = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? ''
  return `${protocol}***${text.slice(end)}`
}

/** The word that somebody probably meant, when one is near; case does not matter. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const lower = word.toLowerCase()
  const best = closest(
    lower,
    known.map((candidate) => candidate.toLowerCase()),
  )
  const near = distance(lower, best) <= Math.ceil(word.length / 3)
  return near ? known.find((candidate) => candidate.toLowerCase() === best) : undefined
}

/** What somebody else's code threw, in one line, with the place where it is known: `TypeError: x is not a function (attic.js:3)`. */
export function thrownText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return escapeControls(`it threw ${String(thrown)}`)
  const [, file, line] = place.exec(thrown.stack ?? '') ?? []
  return escapeControls(`${String(thrown)}${file && line ? ` (${file}:${line})` : ''}`)
}

/** Where a module's own code failed, in a stack: the file's name without the query of `loadModule`, and the line. */
const place = /file:\/\/\S*?([^/\s]+?)(?:\?\S*?)?:(\d+)(?::\d+)?\)?$/m

/** Why a file cannot be read, in words. */
export function fileFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : error.message
  return reasons[code] ?? code
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ERR_INVALID_ARG_VALUE: 'there is no such file',
  EACCES: 'its permissions do not let this user read it',
  EPERM: 'its permissions do not let this user read it',
  EISDIR: 'it is a folder',
  EAGAIN: 'it has nothing to read now',
  EIO: 'the disk or the share fails (EIO)',
  ELOOP: 'its symbolic links go in a circle',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8',
}
