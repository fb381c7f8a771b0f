import { filter, type MonoTypeOperatorFunction } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Reading } from '../model.js'
import { quoteText } from './quoteText.js'

/**
 * Leaves out what is no reading, and says so once in the log: a plug-in of others may emit anything, and a connection
 * would fail over it, for all sensors.
 */
export function wellFormed(log: Logger): MonoTypeOperatorFunction<Reading> {
  let said = false
  return filter((reading: unknown) => {
    if (isReading(reading)) return true
    if (!said)
      log.error(
        `expected readings such as { destination: 'attic', value: 21.5 }, the value a text, a number or a boolean, got ${shown(reading)}: it is left out, and so are others like it`,
      )
    said = true
    return false
  }) as MonoTypeOperatorFunction<Reading>
}

function isReading(value: unknown): value is Reading {
  const reading = value as Partial<Reading> | null | undefined
  return (
    typeof reading?.destination === 'string' &&
    (typeof reading.value === 'string' ||
      typeof reading.value === 'boolean' ||
      Number.isFinite(reading.value))
  )
}

function shown(value: unknown): string {
  try {
    return value === undefined ? 'undefined' : quoteText(JSON.stringify(value))
  } catch {
    return `a value of type ${typeof value}`
  }
}
