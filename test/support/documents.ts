import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What npm and the tools put here; no document of ours is in it. */
const foreign = /^(?:node_modules|dist|lib|docs|coverage|\..*)$/

/** Every document of the project, by its path. */
export const documents = (folder = ''): string[] =>
  readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder + entry.name
    if (entry.isDirectory()) return foreign.test(path) ? [] : documents(`${path}/`)
    return /^(?!.*\.api\.md$).*\.md$/.test(path) ? [path] : []
  })
