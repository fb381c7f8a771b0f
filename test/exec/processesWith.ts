import { readdirSync, readFileSync } from 'node:fs'

/** The processes of this machine, zombies excepted, whose command line holds a word. */
export const processesWith = (word: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/cmdline`).split('\0').includes(word))
    .filter((pid) => !/\) Z /.test(read(`/proc/${pid}/stat`)))
    .map(Number)

/** A process may be gone before it is read. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
