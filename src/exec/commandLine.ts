import { split } from 'shlex'
import { field } from '../plugin/fields.js'

function parse(text: string): string[] | undefined {
  try {
    const words = split(text)
    return words.length > 0 && words.every(isSafeWord) ? words : undefined
  } catch {
    return undefined
  }
}

function advice(text: string): string {
  if (text === '') return 'it may not be empty'
  return isSafeWord(text)
    ? 'a quote is not closed, or nothing follows the \\ at the end'
    : 'there is no shell; put what needs one into a script'
}

/** A program and its arguments in words, split as a POSIX shell does: quotes and `\` work, nothing else is special. */
export const commandLine = field('a command line without ; and |', parse, advice)

/** Whether a word may be an argument: no `;` and no `|`, lest a script passes it on to a shell; and no program takes NUL. */
export const isSafeWord = (word: string): boolean => !/[;|\0]/.test(word)

/** The words of a message; `NA` means none, since an empty message is hard to send with some programs. */
export const messageWords = (payload: string): string[] => {
  const words = payload.split(/\s+/).filter((word) => word !== '')
  return words.length === 1 && words[0] === 'NA' ? [] : words
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: ': there is no such program; write its whole path, or see to it that PATH leads there',
  EACCES: ': this user may not run it; is it executable (chmod +x)?',
  E2BIG: ': its arguments are too long',
  EAGAIN: ': the system has no room for another process',
}

/** Says of an error of the system why a program cannot be started, without the words that it quotes; others stay. */
export function withoutWords(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (!('code' in error)) return error
  const code = String(error.code)
  return new Error(`the command cannot be started (${code})${reasons[code] ?? ''}`)
}
