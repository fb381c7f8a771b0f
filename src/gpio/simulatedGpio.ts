import { asyncScheduler, concat, defer, filter, finalize, map, NEVER, of, tap } from 'rxjs'
import type { MonoTypeOperatorFunction, Observable } from 'rxjs'
import { debounced } from '../operators/debounced.js'
import type { GpioChip } from './gpioChip.js'
import { lineHeldError } from './lineHeldError.js'

/** A line and its level, `true` for HIGH. */
export interface Wire {
  /** Number of the line. */
  readonly line: number
  /** `true` for HIGH. */
  readonly level: boolean
}

/**
 * A GPIO chip without hardware, for tests and for trying out a configuration: `inputs$` is what is wired to its inputs,
 * and `driven` is told whenever an output gets a level. An input nothing has been said of rests where its resistor
 * pulls it.
 *
 * @example
 * simulatedGpio(of({ line: 17, level: false }))
 *   .input(17, { pull: 'up', debounce: 5 })
 *   .pipe(map(({ level }) => level))
 * // → true, false
 */
export function simulatedGpio(
  inputs$: Observable<Wire> = NEVER,
  driven: (wire: Wire) => void = () => undefined,
): GpioChip {
  const held = new Set<number>()
  const hold =
    <T>(line: number): MonoTypeOperatorFunction<T> =>
    (source$) =>
      defer(() => {
        if (held.has(line)) throw lineHeldError(line, 'sensor_reporter')
        held.add(line)
        return source$.pipe(finalize(() => held.delete(line)))
      })
  return {
    input: (line, { pull, debounce }) =>
      concat(
        of(pull === 'up'),
        inputs$.pipe(
          filter((wire) => wire.line === line),
          map(({ level }) => level),
        ),
      ).pipe(
        debounced(debounce),
        map((level) => ({ level, at: asyncScheduler.now() })),
        hold(line),
      ),
    output: (line) => (levels$) =>
      levels$.pipe(
        tap((level) => driven({ line, level })),
        hold(line),
      ),
  }
}
