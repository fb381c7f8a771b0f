import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { storageProblem } from './storageProblem.js'

/** Why a spool cannot be kept at `path`, as far as that shows without writing: the program would go on in memory only. */
export function spoolDoubt(path: string): string | undefined {
  try {
    // The dot makes it an error that this is a file.
    statSync(`${dirname(path)}/.`)
    const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory()
    return isDirectory ? 'expected a file, got a directory: name a file in it' : undefined
  } catch (error) {
    return storageProblem(error)
  }
}
