import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { lateRequire } from './lateRequire.js'

/** Imports for the program, since code that is evaluated cannot. */
export type Import = (id: string) => Promise<unknown>

/** What `esbuild.config.js` makes of a module: a function of what Node gives one. */
type Program = (
  require: (id: string) => unknown,
  native: Import,
  module: { exports: unknown },
  meta: { readonly url: string },
) => void

/** Runs a file of the program, with V8's compiled code of it if there is any. */
export function evaluate(file: string, native: Import, cachedData?: Buffer) {
  // The files are ASCII: as Latin-1 they need no decoding, and a byte a character.
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    ...(cachedData && { cachedData }),
  })
  const module = { exports: {} as unknown }
  const meta = {
    get url() {
      return pathToFileURL(file).href
    },
  }
  const program = script.runInThisContext() as Program
  program(lateRequire(require), native, module, meta)
  return { script, exports: module.exports }
}
