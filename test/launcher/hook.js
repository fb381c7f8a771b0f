// Loaded into the program by `node --import`. When the program writes for the first time it says who does, and what is loaded.
import { createRequire } from 'node:module'

const { write } = process.stdout
process.stdout.write = (...parts) => {
  process.stdout.write = write
  const loaded = [...process.moduleLoadList, ...Object.keys(createRequire(import.meta.url).cache)]
  console.error(JSON.stringify({ stack: new Error('who writes?').stack, loaded }))
  return process.stdout.write(...parts)
}
