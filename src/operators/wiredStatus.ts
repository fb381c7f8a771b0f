import { defer, mergeMap, type MonoTypeOperatorFunction } from 'rxjs'
import { describeStatus, type Description } from '../description.js'
import { isWithdrawal, type Reading } from '../model.js'

/**
 * Says ONLINE, retained, before the first reading of a destination, and OFFLINE when that is withdrawn because its sensor fails;
 * each once, however often it is tried again. `statuses` are the topics where it says so, by destination; where a destination has none,
 * only withdrawals that follow each other are made one.
 *
 * ![marble diagram](../../marbles/wiredStatus.svg)
 *
 * @example
 * const attic$ = of({ destination: 'attic', value: 21 })
 * attic$.pipe(wiredStatus(new Map([['attic', 'attic/status']])))
 * // → { destination: 'attic/status', value: 'ONLINE', retain: true }, { destination: 'attic', value: 21 }
 */
export const wiredStatus =
  (statuses: ReadonlyMap<string, string | undefined>): MonoTypeOperatorFunction<Reading> =>
  (readings$) =>
    defer(() => {
      const states = new Map<string, 'ONLINE' | 'OFFLINE'>()
      const abouts = new Map<string, Description>()
      return readings$.pipe(
        mergeMap((reading): Reading[] => {
          const { destination } = reading
          if (!statuses.has(destination)) return [reading]
          const state = isWithdrawal(reading) ? 'OFFLINE' : 'ONLINE'
          const isNews = states.get(destination) !== state
          states.set(destination, state)
          if (!isNews) return state === 'ONLINE' ? [reading] : []
          const status = statuses.get(destination)
          if (status === undefined) return [reading]
          const device = reading.about?.device
          const about = abouts.get(status) ?? (device && describeStatus(device, status))
          if (about) abouts.set(status, about)
          return [{ destination: status, value: state, retain: true, ...(about && { about }) }, reading]
        }),
      )
    })
