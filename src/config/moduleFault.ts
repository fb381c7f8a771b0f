import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { thrownText } from './thrownText.js'

/** Where this package is, for those who import it from elsewhere. */
const home = () => fileURLToPath(new URL('../..', import.meta.url))

/** Why a module cannot be loaded, in words, from what its import was rejected with. */
export function moduleFault(error: unknown, file: string): string {
  const { code = '', message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  const missing = /^Cannot find package '([^']+)'/.exec(message)?.[1]
  if (code === 'ERR_MODULE_NOT_FOUND' && missing !== undefined)
    return `it imports "${missing}", which is not installed there: run "npm install ${
      missing === 'sensor-reporter' ? home() : missing
    }" in ${dirname(file)}`
  if (code === 'ERR_UNSUPPORTED_DIR_IMPORT') return 'it is a folder'
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return /\.[mc]?ts$/.test(file)
      ? `Node ${process.version} does not read TypeScript: use 22.18 or later, or compile it to .js first`
      : 'expected a file whose name ends in .js or .mjs'
  const remedy = error instanceof SyntaxError ? `"node --check ${file}" shows where` : 'mend it'
  return `it cannot be loaded: ${thrownText(error)}: ${remedy}`
}
