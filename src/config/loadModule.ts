import { existsSync, statSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defer, lastValueFrom, throwError, timeout } from 'rxjs'
import { fileFault } from './fileFault.js'
import { moduleFault } from './moduleFault.js'
import { packageFile } from './packageFile.js'

/** A module that waits for ever while it is loaded would have the program wait for ever. */
const patience = 60_000

/**
 * Loads a module of somebody else: a file (`./attic.js`, relative to `folder`, or an absolute path) or a package, as seen from
 * `folder` and then from where the program is. Rejects with an error that says why it cannot be had.
 */
export async function loadModule(module: string, folder: string): Promise<Readonly<Record<string, unknown>>> {
  const file = fileOf(module, folder)
  const url = pathToFileURL(file)
  // A file that has changed is another module for Node, so that a reload reads it again; the old one stays in memory, which
  // is little for what a person changes. What the file imports itself, and CommonJS, is read once in the life of the program.
  url.searchParams.set('t', `${modified(file, folder)}`)
  const tooLate = () => throwError(() => new Error(`it has not loaded within ${patience / 1000} s`))
  return lastValueFrom(
    defer(() => import(url.href) as Promise<Record<string, unknown>>).pipe(
      timeout({ first: patience, with: tooLate }),
    ),
    { defaultValue: {} },
  ).catch((error: unknown) => {
    throw new Error(moduleFault(error, file), { cause: error })
  })
}

function fileOf(module: string, folder: string): string {
  if (isAbsolute(module) || /^\.\.?[/\\]/.test(module)) return resolve(folder, module)
  const file = packageFile(module, [folder, dirname(fileURLToPath(import.meta.url))])
  if (file !== undefined) return file
  throw new Error(
    existsSync(resolve(folder, module))
      ? `there is no such package, but a file: did you mean ./${module}?`
      : `there is no such package: run "npm install ${module}" in ${folder} (a file begins with ./ or /)`,
  )
}

function modified(file: string, folder: string): number {
  try {
    const { mtimeMs } = statSync(file)
    return mtimeMs
  } catch (error) {
    throw new Error(`${fileFault(error)} (relative paths begin at ${folder})`, { cause: error })
  }
}
