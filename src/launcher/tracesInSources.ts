import { readFileSync } from 'node:fs'
import type { SourceMap, SourceMapPayload } from 'node:module'
import { dirname, join } from 'node:path'
import { lateRequire } from './lateRequire.js'

/**
 * Makes stack traces name lines of the sources instead of files in `folder`, and not the names of functions, which the build
 * has shortened. Maps are read when a trace is asked for.
 */
export function tracesInSources(folder: string): void {
  const maps = new Map<string, SourceMap | undefined>()
  const inSources = (call: NodeJS.CallSite): string | undefined => {
    const file = call.getFileName()
    if (!file || dirname(file) !== folder) return undefined
    if (!maps.has(file)) maps.set(file, readMap(`${file}.map`))
    const entry = maps
      .get(file)
      ?.findEntry(Number(call.getLineNumber()) - 1, Number(call.getColumnNumber()) - 1)
    if (!entry || !('originalSource' in entry)) return undefined
    return `${join(folder, entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  }
  Error.prepareStackTrace = (error, calls) => {
    const texts = calls.map(String)
    return [String(error), ...calls.map((call, place) => inSources(call) ?? texts[place])].join('\n    at ')
  }
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
