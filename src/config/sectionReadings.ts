import { defer, identity, map, type MonoTypeOperatorFunction, Subject, tap } from 'rxjs'
import { type DescribedDevice, redescribe } from '../description.js'
import type { Delivery, Logger, Reading } from '../model.js'
import { supervise } from '../operators/supervise.js'
import { withdraw } from '../operators/withdraw.js'

/** Starts what fails again, and withdraws what it had said. */
export const supervised =
  (log: Logger, destinations: readonly string[] = []): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const failed$ = new Subject<void>()
      return readings$.pipe(
        tap({ error: () => failed$.next() }),
        supervise(log),
        withdraw({ failed$, destinations }),
      )
    })

/** Where the readings of a section go, and how. */
export function marked(
  delivery: Delivery | undefined,
  to: readonly string[] | undefined,
): MonoTypeOperatorFunction<Reading> {
  if (!to && !delivery) return identity
  const marks = { ...(to && { to }), ...(delivery && { delivery }) }
  // A spread costs ten times as much, and whoever reads the object pays again: V8 makes a dictionary of it.
  return map((reading: Reading) => Object.assign({}, reading, marks))
}

/** What a section says of its devices goes with their readings. */
export const describedBy = (own: Partial<DescribedDevice>): MonoTypeOperatorFunction<Reading> => {
  const redescribed = redescribe(own)
  return map((reading) =>
    reading.about ? Object.assign({}, reading, { about: redescribed(reading.about) }) : reading,
  )
}
