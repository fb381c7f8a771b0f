import { inspect } from 'node:util'
import { filter, type MonoTypeOperatorFunction } from 'rxjs'
import { escapeControls } from './fields/problems.js'
import type { Logger, Reading } from './model.js'

/**
 * Leaves out what is no reading, and logs that once: a sensor of others may emit anything, and a connection would fail over
 * it, for all sensors. `who` is the sensor, where the log does not say it.
 */
export function wellFormed(log: Logger, who?: string): MonoTypeOperatorFunction<Reading> {
  let logged = false
  return filter((reading: unknown) => {
    if (isReading(reading)) return true
    if (!logged)
      log.error(
        `${who === undefined ? '' : `${who}: `}expected readings such as { destination: 'attic', value: 21.5 }, the value a text, a number or a boolean, got ${shown(reading)}: it is left out, and so are others like it`,
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

const longest = 100

const shown = (value: unknown): string =>
  escapeControls(inspect(value, { breakLength: Infinity, depth: 1 }).slice(0, longest))
