import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ModuleKind, transpileModule } from 'typescript'
import { temporaryFile } from '../support/program.js'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/**
 * A folder as a user would have it, with the package installed and files of this folder in it; of TypeScript there is what
 * the compiler makes. `replace` swaps texts in the files, for what a test has elsewhere. It goes with the test.
 */
export function userFolder(files: readonly string[], replace: Readonly<Record<string, string>> = {}): string {
  const folder = dirname(temporaryFile('package.json', '{ "type": "module" }'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(repository, join(folder, 'node_modules/sensor-reporter'))
  symlinkSync(join(repository, 'node_modules/rxjs'), join(folder, 'node_modules/rxjs'))
  for (const file of files) {
    const text = Object.entries(replace).reduce(
      (swapped, [old, fresh]) => swapped.replace(old, fresh),
      readFileSync(new URL(file, import.meta.url), 'utf8'),
    )
    const content = file.endsWith('.ts') ? compiled(text) : text
    writeFileSync(join(folder, basename(file).replace(/\.ts$/, '.js')), content, { mode: 0o600 })
  }
  return folder
}

const compiled = (text: string): string =>
  transpileModule(text, { compilerOptions: { module: ModuleKind.ESNext } }).outputText
