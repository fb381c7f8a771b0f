import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defer, lastValueFrom, throwError, timeout } from 'rxjs'
import { fileFault, NotAvailable, thrownText } from '../fields/problems.js'
import { exposure, readSmallFile, type SmallFile } from '../smallFile.js'

/**
 * Loads a module of somebody else: a file (`./attic.js`, relative to `folder`, or an absolute path) or a package, as seen from
 * `folder` and then from where the program is; `doubt` is what is doubtful about its file. Rejects with an error that says why
 * it cannot be had, a `NotAvailable` where it may be had later.
 */
export async function loadModule(
  module: string,
  folder: string,
): Promise<{ readonly exported: Readonly<Record<string, unknown>>; readonly doubt?: string }> {
  const file = fileOf(module, folder)
  const look = await lookAt(file, folder)
  const doubt = exposure(look, true)
  const url = pathToFileURL(file)
  // A file that has changed is another module for Node, so that a reload reads it again; the old one stays in memory, which
  // is little for what a person changes. What the file imports itself, and CommonJS, is read once in the life of the program.
  url.searchParams.set('t', `${look.changed}`)
  const tooLate = () => throwError(() => new Error(`it has not loaded within ${patience / 1000} s`))
  const exported = await lastValueFrom(
    defer(() => import(url.href) as Promise<Record<string, unknown>>).pipe(
      timeout({ first: patience, with: tooLate }),
    ),
    { defaultValue: {} },
  ).catch((error: unknown) => {
    const Fault = isItsText(error) ? Error : NotAvailable
    throw new Fault(moduleFault(error, file), { cause: error })
  })
  return { exported, ...(doubt !== undefined && { doubt: `of the file ${file}, ${doubt}` }) }
}

/** A module that waits for ever while it is loaded would have the program wait for ever. */
const patience = 60_000

function fileOf(module: string, folder: string): string {
  if (isAbsolute(module) || /^\.\.?[/\\]/.test(module)) return resolve(folder, module)
  const file = packageFile(module, [folder, dirname(fileURLToPath(import.meta.url))])
  if (file !== undefined) return file
  if (existsSync(resolve(folder, module)))
    throw new Error(`there is no such package, but a file: did you mean ./${module}?`)
  throw new NotAvailable(
    `there is no such package: run "npm install ${module}" in ${folder} (a file begins with ./ or /)`,
  )
}

/** Reads the file before Node does, which would wait for ever for a FIFO or a share that is gone. */
function lookAt(file: string, folder: string): Promise<SmallFile> {
  return readSmallFile(file, longestModule).catch((error: unknown) => {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const where = isMissing ? ` (relative paths begin at ${folder})` : ''
    throw new NotAvailable(`${fileFault(error)}${where}`, { cause: error })
  })
}

/** Also that of a bundle. */
const longestModule = 2 ** 24

/** What a module was rejected for that only its author, or that of the configuration, can mend. */
const isItsText = (error: unknown) =>
  error instanceof SyntaxError ||
  (error as Partial<NodeJS.ErrnoException> | undefined)?.code === 'ERR_UNKNOWN_FILE_EXTENSION'

/** Why a module cannot be loaded, in words, from what its import was rejected with. */
function moduleFault(error: unknown, file: string): string {
  const { code = '', message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  const missing = /^Cannot find package '([^']+)'/.exec(message)?.[1]
  if (code === 'ERR_MODULE_NOT_FOUND' && missing !== undefined)
    return `it imports "${missing}", which is not installed there: run "npm install ${
      missing === 'sensor-reporter' ? home() : missing
    }" in ${dirname(file)}`
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return /\.[mc]?ts$/.test(file)
      ? `Node ${process.version} does not read TypeScript: use 22.18 or later, or compile it to .js first`
      : 'expected a file whose name ends in .js or .mjs'
  const remedy = error instanceof SyntaxError ? `"node --check ${file}" shows where` : 'mend it'
  return `it cannot be loaded: ${thrownText(error)}: ${remedy}`
}

/** Where this package is, for those who import it from elsewhere. */
export const home = () => fileURLToPath(new URL('../..', import.meta.url))

/**
 * The file that `import 'NAME'` would load from one of the folders, the first that has it; nothing when there is no such
 * package. (Node 20 resolves imports from elsewhere behind a flag only, and `require.resolve` misses what is for imports alone.)
 */
export function packageFile(name: string, folders: readonly string[]): string | undefined {
  const [, packageName = '', path = ''] = /^((?:@[^/]+\/)?[^/@]+)(\/.+)?$/.exec(name) ?? []
  if (packageName === '') return undefined
  for (const folder of folders) {
    const require = createRequire(resolve(folder, 'here'))
    const homes = (require.resolve.paths(packageName) ?? []).map((modules) => join(modules, packageName))
    const home = homes.find((candidate) => isFile(join(candidate, 'package.json')))
    if (home !== undefined) return require.resolve(join(home, entry(home, `.${path}`)))
  }
  return undefined
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true

function entry(home: string, path: string): string {
  const { exports, main } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    exports?: unknown
    main?: string
  }
  if (exports === undefined) return path === '.' ? (main ?? 'index.js') : path
  const byPath = Object.entries(exports ?? {}).some(([key]) => key.startsWith('.'))
  const target = chosen(byPath ? (exports as Record<string, unknown>)[path] : path === '.' && exports)
  if (target === undefined) throw new Error(`the package has nothing to import as "${path}"`)
  return target
}

const conditions = ['node', 'import', 'module-sync', 'default']

/** A target of `exports`: a path, or one by condition, in the order of the package (nodejs.org/api/packages.html). */
function chosen(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  return Object.entries(target)
    .filter(([condition]) => conditions.includes(condition))
    .map(([, inner]) => chosen(inner))
    .find((path) => path !== undefined)
}
