import { asyncScheduler, concatMap, map, of, timer } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'

/** A longer silence is a recorder that was off or a clock that was set: nobody waits for it. */
const longestGap = 10 * 60_000
const tolerance = 1000

/**
 * Passes items with the gaps between their `at`s (ms), `speed` times as fast; one without `at`, or with an earlier one,
 * follows at once. Each call makes one clock: pieces of one recording that go through the same one keep time together.
 */
export function recordedTime<T extends { readonly at?: number }>(speed: number): MonoTypeOperatorFunction<T> {
  let previous: number | undefined
  let due: number | undefined
  return concatMap((item) => {
    const now = asyncScheduler.now()
    const recorded = previous === undefined || item.at === undefined ? 0 : item.at - previous
    previous = item.at ?? previous
    const gap = Math.min(Math.max(0, recorded), longestGap) / speed
    // Counted from due time to due time, so late timers do not add up; what is more than a second off is a clock that was set.
    const ideal = (due ?? now) + gap
    due = Math.min(Math.max(ideal, now - tolerance), now + gap + tolerance)
    const wait = due - now
    return wait >= 1 ? timer(wait).pipe(map(() => item)) : of(item)
  })
}
