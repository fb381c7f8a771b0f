import { filter, type MonoTypeOperatorFunction } from 'rxjs'
import type { Logger, Reading } from '../model.js'
import { quoteText } from '../plugin/problems.js'

/**
 * Leaves out what is no reading, and logs that once: a plug-in of others may emit anything, and a connection would fail over
 * it, for all sensors.
 */
export function wellFormed(log: Logger): MonoTypeOperatorFunction<Reading> {
  let logged = false
  return filter((reading: unknown) => {
    if (isReading(reading)) return true
    if (!logged)
      log.error(
        `expected readings such as { destination: 'attic', value: 21.5 }, the value a text, a number or a boolean, got ${shown(reading)}: it is left out, and so are others like it`,
      )
    logged = true
    return false
  }) as MonoTypeOperatorFunction<Reading>
}

function isReading(value: unknown): value is Reading {
  const reading = value as Partial<Reading> | null | undefined
  return (
    typeof reading?.destination === 'string' &&
    (reading.forgets === undefined || Array.isArray(reading.forgets)) &&
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
