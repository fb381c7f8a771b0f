import {
  asyncScheduler,
  concat,
  defer,
  filter,
  finalize,
  from,
  map,
  mergeMap,
  type MonoTypeOperatorFunction,
  NEVER,
  type Observable,
  of,
  share,
  tap,
} from 'rxjs'
import { lines } from '../captures/jsonLines.js'
import { escapeControls } from '../fields/problems.js'
import type { Logger } from '../model.js'
import { debounced } from '../operators/debounced.js'
import type { GpioChip } from '../plugin/gpioChip.js'
import { lineHeldError } from './kernel/line.js'

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

/**
 * A simulated chip for `--simulate`: somebody who types `17 LOW` is what is wired to GPIO 17, and what the outputs are set to
 * is logged.
 *
 * @example typedGpio(process.stdin, log)
 */
export function typedGpio(input: AsyncIterable<Uint8Array | string>, log: Logger): GpioChip {
  const typed$ = from(lines(input)).pipe(
    mergeMap((batch) => batch),
    mergeMap((line) => {
      const wire = parseWire(line)
      if (!wire)
        log.warn(`expected a line such as 17 HIGH or 17 LOW, got "${escapeControls(line.slice(0, 40))}"`)
      return wire ? [wire] : []
    }),
    // What is typed can be read once only, so the reading goes on through a reload.
    share({ resetOnRefCountZero: false }),
  )
  return simulatedGpio(typed$, ({ line, level }) => log.info(`GPIO ${line} is ${level ? 'HIGH' : 'LOW'}`))
}

/** Reads what somebody types to play the hardware of a simulated chip: `17 HIGH`, `17 0`; `undefined` for anything else. */
export function parseWire(text: string): Wire | undefined {
  const [, line, high] = /^\s*(\d+)\s+(?:(HIGH|1)|LOW|0)\s*$/i.exec(text) ?? []
  return line === undefined ? undefined : { line: Number(line), level: high !== undefined }
}
