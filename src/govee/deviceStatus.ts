import {
  asyncScheduler,
  concat,
  defer,
  filter,
  from,
  map,
  merge,
  mergeMap,
  type OperatorFunction,
  repeat,
  Subject,
  takeUntil,
  takeWhile,
  tap,
  timer,
} from 'rxjs'
import { remember } from '../bounded.js'
import type { Reading } from '../model.js'
import type { DeviceReport } from './deviceReport.js'

/** How soon a device that has been heard is said to be ONLINE, ms. */
const confirmation = 30_000

interface Watched {
  /** When it was heard last, or has been waited for since. */
  heard: number
  present: boolean
  said?: 'ONLINE' | 'OFFLINE'
  readonly destinations: Set<string>
}

/**
 * Says `OFFLINE` on `<device>/status`, retained, when a device has not been heard for `expire` ms, and `ONLINE` when it is heard
 * again; its readings are no longer repeated then. Half a minute after it was first heard it is said to be ONLINE, since the
 * broker may still hold an OFFLINE from before this program started. The `awaited` devices are OFFLINE if they are never
 * heard at all. Bounded to `limit` devices.
 *
 * ![marble diagram](../../marbles/expiry.svg)
 */
export function deviceStatus(
  expire: number,
  awaited: readonly string[] = [],
  limit = 10_000,
): OperatorFunction<DeviceReport, Reading> {
  return (reports$) =>
    defer(() => {
      const devices = new Map<string, Watched>()
      for (const device of awaited) {
        const heard = asyncScheduler.now()
        devices.set(device, { heard, present: false, destinations: new Set() })
      }
      const watch$ = new Subject<string>()
      const ended$ = new Subject<void>()
      const say = (device: string, watched: Watched, said: 'ONLINE' | 'OFFLINE'): Reading => {
        watched.said = said
        const destination = `${device}/status`
        if (said === 'ONLINE') return { destination, value: said, retain: true }
        const forgets = [...watched.destinations]
        watched.destinations.clear()
        return { destination, value: said, retain: true, forgets }
      }

      const heard$ = reports$.pipe(
        map(({ device, readings }) => {
          const known = devices.get(device)
          const watched = known ?? { heard: 0, present: true, destinations: new Set<string>() }
          watched.heard = asyncScheduler.now()
          watched.present = true
          for (const { destination } of readings) watched.destinations.add(destination)
          if (!known) remember(devices, device, watched, limit)
          if (known && known.said !== 'OFFLINE') return undefined
          const back = known && say(device, watched, 'ONLINE')
          watch$.next(device)
          return back
        }),
        filter((reading) => reading !== undefined),
        tap({ complete: () => ended$.next() }),
      )
      // One timer a device, wound up again only when it rings: a packet costs no timer.
      const expired$ = concat(from(awaited), watch$).pipe(
        mergeMap((device) => {
          const watched = devices.get(device)
          if (!watched) return []
          const due = () => watched.heard + expire - asyncScheduler.now()
          return concat(timer(Math.min(expire, confirmation)), defer(() => timer(due())).pipe(repeat())).pipe(
            // Dropped as one too many it is neither alive nor expired.
            map(() => devices.get(device) === watched && asyncScheduler.now() - watched.heard < expire),
            takeWhile((alive) => alive, true),
            filter((alive) => !alive || (watched.present && watched.said === undefined)),
            filter(() => devices.get(device) === watched),
            map((alive) => say(device, watched, alive ? 'ONLINE' : 'OFFLINE')),
          )
        }),
        takeUntil(ended$),
      )
      return merge(expired$, heard$)
    })
}
