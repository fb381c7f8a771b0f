import type { Logger } from '../logging/logger.js'
import { messageText } from '../logging/messageText.js'

/** A logger that keeps its latest lines to be shown, those of DEBUG left out. */
export function recentLog(count: number): { readonly lines: readonly string[]; readonly logger: Logger } {
  const lines: string[] = []
  const keep = (...parts: unknown[]) => {
    lines.push(messageText(parts))
    if (lines.length > count) lines.shift()
  }
  return { lines, logger: { debug: () => undefined, info: keep, warn: keep, error: keep } }
}
