import { split } from 'shlex'
import { field } from '../plugin/fields.js'

/** A program and its arguments in words, split as a POSIX shell does: quotes and `\` work, nothing else is special. */
export const commandLine = field('a command line without ; and |', parse, advice)

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

/** Whether a word may be an argument: no `;` and no `|`, lest a script passes it on to a shell; and no program takes NUL. */
export const isSafeWord = (word: string): boolean => !/[;|\0]/.test(word)
