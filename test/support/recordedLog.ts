import type { Logger } from '../../src/model.js'
import { journal } from './journal.js'

/** A logger that keeps its lines, `warn: text`. */
export function recordedLog() {
  const lines = journal<string>()
  const at =
    (level: string) =>
    (...texts: unknown[]) =>
      lines.add(`${level}: ${texts.map(String).join(' ')}`)
  const log: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  return {
    log,
    lines: lines.entries,
    until: (pattern: RegExp, start = 0) => lines.until((line) => pattern.test(line), start),
  }
}
