import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { compiledCode } from './compiledCode.js'
import { evaluate } from './evaluate.js'
import { tracesInSources } from './tracesInSources.js'

/** Says which build this is; `esbuild.config.js` puts it here. */
declare const build: string

const folder = join(__dirname, 'program')
/** What the files of the program beside the daemon's export, once they have been needed. */
const parts = new Map<string, unknown>()
let daemon = true

/** What the program itself cannot do, being evaluated: import. */
async function native(id: string): Promise<unknown> {
  if (!id.startsWith('./')) return import(id)
  if (id === './commandLine.js') daemon = false
  const part = parts.get(id) ?? evaluate(join(folder, id), native).exports
  parts.set(id, part)
  return part
}

// What a start leaves behind would make the space for young objects grow, and it never shrinks again.
setFlagsFromString('--semi-space-growth-factor=1')
tracesInSources(folder)
const code = compiledCode(folder, build)
const kept = code.read()
const { script } = evaluate(join(folder, 'daemon.js'), native, kept)

if (!kept || script.cachedDataRejected) {
  // By then V8 has compiled what a start needs.
  // eslint-disable-next-line no-restricted-syntax -- an edge: the launcher has no RxJS
  const timer = setTimeout(() => daemon && code.write(script.createCachedData()), 2000)
  timer.unref()
}
