import { readFileSync } from 'node:fs'

/** What a file of the kernel's says, without white space around it; empty where it does not exist (any more). */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
