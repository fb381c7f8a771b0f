import { interval, startWith, take, tap } from 'rxjs'
import { endGroup } from './endGroup.js'
import { markedProcesses } from './markedProcesses.js'

/** How often (ms) it is looked for more, and how many times. */
const [pause, looks] = [50, 10]

/**
 * Ends the process groups of what carries a mark, at once and for half a second more: a process that is just about to
 * become another program has no environment to be known by.
 */
export function endStrays(mark: string): void {
  const known = new Set<number>()
  interval(pause)
    .pipe(
      startWith(0),
      take(looks),
      tap(() => {
        for (const stray of markedProcesses(mark)) {
          if (!known.has(stray)) endGroup(stray)
          known.add(stray)
        }
      }),
    )
    .subscribe()
}
