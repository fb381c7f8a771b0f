import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** What Node takes a `.js` file in a folder for, by the nearest package.json; nothing where there is none. */
export function packageType(folder: string): 'module' | 'commonjs' | undefined {
  const file = join(resolve(folder), 'package.json')
  if (existsSync(file)) {
    const { type } = JSON.parse(readFileSync(file, 'utf8')) as { type?: string }
    return type === 'module' ? type : 'commonjs'
  }
  const parent = dirname(resolve(folder))
  return parent === resolve(folder) ? undefined : packageType(parent)
}
