import {
  asyncScheduler,
  defer,
  filter,
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

interface Watched {
  heard: number
  said?: 'ONLINE' | 'OFFLINE'
  readonly destinations: Set<string>
}

/**
 * Says `OFFLINE` on `<device>/status`, retained, when a device has not been heard for `expire` ms, and `ONLINE` when it is heard
 * again; its readings are no longer repeated then. A device that is still heard `expire` ms after the first time is said to
 * be ONLINE once, since the broker may still hold an OFFLINE from before this program started. Bounded to `limit` devices.
 *
 * ![marble diagram](../../marbles/expiry.svg)
 */
export function deviceStatus(expire: number, limit = 10_000): OperatorFunction<DeviceReport, Reading> {
  return (reports$) =>
    defer(() => {
      const devices = new Map<string, Watched>()
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
          const watched = known ?? { heard: 0, destinations: new Set<string>() }
          watched.heard = asyncScheduler.now()
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
      const expired$ = watch$.pipe(
        mergeMap((device) => {
          const watched = devices.get(device)
          if (!watched) return []
          return defer(() => timer(watched.heard + expire - asyncScheduler.now())).pipe(
            repeat(),
            // Dropped as one too many it is neither alive nor expired.
            map(() => devices.get(device) === watched && asyncScheduler.now() - watched.heard < expire),
            takeWhile((alive) => alive, true),
            filter((alive) => devices.get(device) === watched && (!alive || watched.said === undefined)),
            map((alive) => say(device, watched, alive ? 'ONLINE' : 'OFFLINE')),
          )
        }),
        takeUntil(ended$),
      )
      return merge(expired$, heard$)
    })
}
