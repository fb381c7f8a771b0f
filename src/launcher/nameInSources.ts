import type { SourceMap } from 'node:module'

/** In a line of a stack trace, gives the function of the call the name that it had before the build shortened it. */
export function nameInSources(text: string, call: NodeJS.CallSite, map: SourceMap): string {
  const name = call.getFunctionName() ?? ''
  const line = Number(call.getEnclosingLineNumber()) - 1
  const start = Number(call.getEnclosingColumnNumber()) - 1
  // The map knows a name by the place where it stands: behind `function`, or before `=` and an arrow function.
  for (const offset of ['function '.length, 'async function '.length, -`${name}=`.length]) {
    const entry = map.findEntry(line, start + offset) as { generatedColumn?: number; name?: string }
    if (entry.name && entry.generatedColumn === start + offset)
      return text.replace(`${name} (`, `${entry.name} (`)
  }
  return text
}
