import {
  asyncScheduler,
  concat,
  defer,
  distinctUntilChanged,
  finalize,
  from,
  interval,
  map,
  mergeMap,
  type Observable,
  of,
  tap,
} from 'rxjs'
import type { GpioChip, LineLevel } from '../plugin/gpioChip.js'
import { type Line, openLine } from './kernel/line.js'

/**
 * The GPIO of this machine, through the kernel's character device (uAPI v2, Linux 5.10 and later): bias, debouncing and the
 * time of a change are the kernel's. A line that cannot be had is an error that says who holds it, or what is missing.
 *
 * @example
 * kernelGpio().input(17, { pull: 'up', debounce: 5 })
 */
export const kernelGpio = (): GpioChip => chipOfLines(openLine)

/** A chip of lines that `open` opens. Fetching changes without waiting keeps no thread busy, so the process can end. */
export const chipOfLines = (open: typeof openLine): GpioChip => ({
  input: (line, options) =>
    defer(() => {
      const held = open(line, options)
      return levelsOf(held).pipe(finalize(() => held.close()))
    }),
  output: (line) => (levels$) =>
    defer(() => {
      let held: Line | undefined
      return levels$.pipe(
        tap((level) => {
          if (held) held.set(level)
          else held = open(line, { level })
        }),
        finalize(() => held?.close()),
      )
    }),
})

/** How often the kernel is asked for changes, ms; it notes their time itself. */
const period = 10

function levelsOf(line: Line): Observable<LineLevel> {
  let last = 0
  const changes$ = interval(period).pipe(
    mergeMap(() => from(line.events())),
    map(({ level, timestamp, sequence }): LineLevel => {
      const lost = sequence - last - 1
      last = sequence
      return { level, at: epochOf(timestamp), ...(lost > 0 && { lost }) }
    }),
  )
  // What changed before the level was read is among the changes, and in the level too.
  return concat(of({ level: line.level(), at: asyncScheduler.now() }), changes$).pipe(
    distinctUntilChanged((before, after: LineLevel) => before.level === after.level && !after.lost),
  )
}

/** The kernel's monotonic time (ns) as milliseconds since the epoch; `hrtime` is the same clock. */
const epochOf = (timestamp: bigint): number =>
  asyncScheduler.now() - Math.round(Number(process.hrtime.bigint() - timestamp) / 1e6)
