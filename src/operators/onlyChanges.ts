import { asyncScheduler, defer, filter, type MonoTypeOperatorFunction } from 'rxjs'
import { remember } from '../memory.js'
import type { Reading } from '../model.js'

const destinationLimit = 100_000

/**
 * Passes a reading only when its value differs from the last one sent to its destination, or when that was `within`
 * ms ago or longer: a value that stays the same is repeated with the first reading after that time. Events always pass:
 * a button pressed twice is two events.
 *
 * ![marble diagram](../../marbles/onlyChanges.svg)
 *
 * @example
 * const attic = (value: number) => ({ destination: 'attic', value })
 * of(attic(21), attic(21), attic(22)).pipe(onlyChanges(600_000))
 * // → attic(21), attic(22)
 */
export function onlyChanges(within = Infinity): MonoTypeOperatorFunction<Reading> {
  return (readings$) =>
    defer(() => {
      const sent = new Map<string, { readonly value: Reading['value']; readonly at: number }>()
      return readings$.pipe(
        filter(({ destination, value, event, forgets }) => {
          for (const forgotten of forgets ?? []) sent.delete(forgotten)
          if (event) return true
          const last = sent.get(destination)
          const at = asyncScheduler.now()
          // The host's clock may be set back; a value is sent once too often then, not withheld for hours.
          if (last?.value === value && Math.abs(at - last.at) < within) return false
          remember(sent, destination, { value, at }, destinationLimit)
          return true
        }),
      )
    })
}
