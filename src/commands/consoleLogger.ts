import type { Logger } from '../logging/logger.js'

/** For commands whose standard output is their product: warnings and errors go to standard error, the rest nowhere. */
export const consoleLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (...parts: unknown[]) => console.error(...parts),
  error: (...parts: unknown[]) => console.error(...parts),
}
