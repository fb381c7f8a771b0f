import { readFileSync } from 'node:fs'
import { fileFault } from '../config/fileFault.js'

/** Reads a file; throws an error that says what it is (`the CA's certificate`) and why it cannot be read. */
export function readPem(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`${what} cannot be read from the file ${path}: ${fileFault(error)}`, { cause: error })
  }
}
