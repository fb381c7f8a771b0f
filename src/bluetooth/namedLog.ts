import type { Logger } from '../logging/logger.js'

/** A log whose lines begin with a name, for several of a kind: `hci1: hears again after 95 s`. */
export function namedLog(log: Logger, name = ''): Logger {
  const named =
    (level: keyof Logger) =>
    (...parts: unknown[]) =>
      log[level](`${name}:`, ...parts)
  return { debug: named('debug'), info: named('info'), warn: named('warn'), error: named('error') }
}
