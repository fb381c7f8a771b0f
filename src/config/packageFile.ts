import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const conditions = ['node', 'import', 'module-sync', 'default']

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
    const home = homes.find((candidate) => existsSync(join(candidate, 'package.json')))
    if (home !== undefined) return require.resolve(join(home, entry(home, `.${path}`)))
  }
  return undefined
}

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

/** A target of `exports`: a path, or one by condition, in the order of the package (nodejs.org/api/packages.html). */
function chosen(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  return Object.entries(target)
    .filter(([condition]) => conditions.includes(condition))
    .map(([, inner]) => chosen(inner))
    .find((path) => path !== undefined)
}
