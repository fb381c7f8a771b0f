// Loaded into the program by `node --import`. When the program writes for the first time it prints who does and what is loaded
// by then; with CRASH=yes it crashes there instead.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const builtins = () =>
  process.moduleLoadList.flatMap((name) => /^NativeModule ((?!internal\/).*)$/.exec(name)?.[1] ?? [])
const { write } = process.stdout
const ownBuiltins = builtins()

process.stdout.write = (...parts) => {
  process.stdout.write = write
  const error = new Error('who writes?')
  if (process.env.CRASH) {
    process.nextTick(() => {
      throw error
    })
    return process.stdout.write(...parts)
  }
  const loaded = {
    builtins: builtins().filter((name) => !ownBuiltins.includes(name)),
    files: [...Object.keys(require.cache), ...scripts()],
  }
  console.error(JSON.stringify({ stack: error.stack, ...loaded }))
  return process.stdout.write(...parts)
}

/** Paths of the modules that V8 has been given to run, this one apart. */
function scripts() {
  const { Session } = require('node:inspector')
  const session = new Session()
  const urls = []
  session.connect()
  session.on('Debugger.scriptParsed', ({ params: { url } }) => urls.push(url))
  session.post('Debugger.enable')
  session.disconnect()
  return urls
    .filter((url) => url.startsWith('file:') && url !== import.meta.url)
    .map((url) => fileURLToPath(url))
}
