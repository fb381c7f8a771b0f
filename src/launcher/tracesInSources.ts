import { readFileSync } from 'node:fs'
import type { SourceMap, SourceMapPayload } from 'node:module'
import { dirname, join } from 'node:path'
import { lateRequire } from './lateRequire.js'
import { nameInSources } from './nameInSources.js'

/** Makes stack traces name lines of the sources instead of files in `folder`. Maps are read when a trace is asked for. */
export function tracesInSources(folder: string): void {
  const maps = new Map<string, SourceMap | undefined>()
  const inSources = (text: string, call: NodeJS.CallSite | undefined): string => {
    const file = call?.getFileName()
    if (!call || !file || dirname(file) !== folder) return text
    if (!maps.has(file)) maps.set(file, readMap(`${file}.map`))
    const map = maps.get(file)
    const [line, column] = [Number(call.getLineNumber()), Number(call.getColumnNumber())]
    const entry = map?.findEntry(line - 1, column - 1)
    if (!map || !entry || !('originalSource' in entry)) return text
    const source = `${join(folder, entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    return nameInSources(text, call, map).replace(`${file}:${line}:${column}`, () => source)
  }
  Error.prepareStackTrace = (error, calls) =>
    [String(error), ...calls.map(String).map((text, index) => inSources(text, calls[index]))].join(
      '\n    at ',
    )
}

function readMap(path: string): SourceMap | undefined {
  try {
    // Loading it takes a millisecond, and most processes never fail.
    const { SourceMap } = lateRequire(require)('node:module') as typeof import('node:module')
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload)
  } catch {
    // Without it a trace still says where in the program it was.
    return undefined
  }
}
