import { resolve } from 'node:path'
import { split } from 'shlex'
import { inCode, listInCode } from '../fields/codeOptions.js'
import { field } from '../fields/fields.js'
import { readSmallFile } from '../smallFile.js'

/** Words in a row, split as a POSIX shell does: quotes and `\` work, nothing else is special. They may hold secrets. */
export const words = field('a command line without ; and |', parse, advice, firstWord).meta({
  warn: shellSyntax,
})

/** A program and its arguments, see `words`. */
export const commandLine = words.meta({
  warn: async (text: string) => [...shellSyntax(text), ...(await windowsLine(parse(text)?.[0] ?? ''))],
})

/** The same in code: a list, so that nobody expects a shell, and any word may be an argument. */
export const commandInCode = listInCode(
  inCode(
    field('a text without NUL', (word) => (word.includes('\0') ? undefined : word)).meta({ secret: true }),
  ),
).refine(([program]) => program !== undefined && program !== '', {
  error: 'expected a program, then its arguments, got no program',
})

/** Of a command that is refused only the program is shown, and that only when it looks like one. */
function firstWord(text: string): string {
  const [program = ''] = text.split(/\s/)
  return /^[\w./-]+$/.test(program)
    ? `"${program.slice(0, 60)}${program === text ? '' : ' …'}"`
    : 'another one'
}

/** What people write who think of a shell: a command that works in one would do something else here. */
function shellSyntax(text: string): string[] {
  const bare = text.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, '')
  return /[<>`]|&&|\$[\w({]|(?:^|\s)~(?:[/\s]|$)/.test(bare)
    ? [
        'there is no shell, so that < > && $NAME $(…) ~/ and backquotes mean nothing: put what needs one into a script, or into quotes what is meant as it is',
      ]
    : []
}

/** Linux takes the CR of a file from Windows for a part of the interpreter's name, and says that the script is not there. */
async function windowsLine(program: string): Promise<string[]> {
  if (!program.includes('/')) return []
  const file = await readSmallFile(resolve(program)).catch(() => undefined)
  return /^#![^\n]*\r\n/.test(file?.bytes.toString('latin1', 0, 256) ?? '')
    ? [
        `the first line of ${program} ends in CR, as on Windows, so that it cannot be started: sed -i 's/\\r$//' ${program}`,
      ]
    : []
}

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
