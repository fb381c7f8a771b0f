import { readFileSync } from 'node:fs'
import type { SourceMap, SourceMapPayload } from 'node:module'
import { join } from 'node:path'
import { lateRequire } from './lateRequire.js'

/** Makes stack traces name lines of the sources instead of files in `folder`. Maps are read when a trace is asked for. */
export function tracesInSources(folder: string): void {
  const maps = new Map<string, SourceMap | undefined>()
  const inSources = (place: string, name?: string, line?: string, column?: string): string => {
    if (name && !maps.has(name)) maps.set(name, readMap(join(folder, `${name}.map`)))
    const entry = name && maps.get(name)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (!entry || !('originalSource' in entry)) return join(folder, place)
    return `${join(folder, entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  }
  Error.prepareStackTrace = (error, calls) => {
    const [before = '', ...places] = [String(error), ...calls.map(String)]
      .join('\n    at ')
      .split(join(folder, '/'))
    return [before, ...places.map((place) => place.replace(/^(?:(\w+\.js):(\d+):(\d+))?/, inSources))].join(
      '',
    )
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
