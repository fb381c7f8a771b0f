import {
  asyncScheduler,
  defer,
  filter,
  map,
  merge,
  mergeMap,
  NEVER,
  type OperatorFunction,
  repeat,
  startWith,
  Subject,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import { remember } from '../memory.js'
import type { Reading } from '../model.js'
import type { DeviceReport } from '../operators/throttleReadings.js'

/** How soon a device that has been heard is reported ONLINE, ms. */
const confirmation = 30_000

/**
 * Reports `OFFLINE` on `<device>/status`, retained, when a device has not been heard for `expire` ms, and `ONLINE` when it is heard
 * again; its readings are no longer repeated then. Half a minute after it was first heard it is reported ONLINE, since the
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
      const earlier$ = new Subject<void>()
      const ended$ = new Subject<void>()
      let earliest = Infinity

      const watch = (watched: Watched) => {
        watched.due = watched.heard + Math.min(expire, confirmation)
        if (watched.due >= earliest) return
        earliest = watched.due
        earlier$.next()
      }
      const look = (): Reading[] => {
        const now = asyncScheduler.now()
        const news: Reading[] = []
        earliest = Infinity
        for (const [device, watched] of devices) {
          if (watched.due <= now) {
            const isAlive = now - watched.heard < expire
            watched.due = isAlive ? watched.heard + expire : Infinity
            if (!isAlive) news.push(become('OFFLINE', device, watched))
            else if (watched.present && !watched.status) news.push(become('ONLINE', device, watched))
          }
          earliest = Math.min(earliest, watched.due)
        }
        return news
      }

      for (const device of awaited) {
        const watched: Watched = { heard: asyncScheduler.now(), due: 0, present: false, destinations: [] }
        devices.set(device, watched)
        watch(watched)
      }
      const heard$ = reports$.pipe(
        map(({ device, readings }) => {
          const known = devices.get(device)
          const watched = known ?? beginning(readings)
          watched.heard = asyncScheduler.now()
          watched.present = true
          if (known) learn(watched.destinations, readings)
          if (!known) remember(devices, device, watched, limit)
          if (known && known.status !== 'OFFLINE') return undefined
          watch(watched)
          return known && become('ONLINE', device, watched)
        }),
        filter((reading) => reading !== undefined),
        tap({ complete: () => ended$.next() }),
      )
      // One timer for all of them, for the next that is due: to hear from a device winds up none.
      const next$ = defer(() =>
        earliest === Infinity ? NEVER : timer(Math.max(0, earliest - asyncScheduler.now())),
      )
      const expired$ = earlier$.pipe(
        startWith(undefined),
        switchMap(() => next$.pipe(mergeMap(look), repeat())),
        takeUntil(ended$),
      )
      return merge(expired$, heard$)
    })
}

interface Watched {
  /** When it was heard last, or has been waited for since. */
  heard: number
  /** When to look at it again. */
  due: number
  present: boolean
  /** What was reported last. */
  status?: Status
  /** A few of the same strings again and again, so a list is smaller than a set, and no slower. */
  destinations: string[]
}

type Status = 'ONLINE' | 'OFFLINE'

function become(status: Status, device: string, watched: Watched): Reading {
  watched.status = status
  const destination = `${device}/status`
  if (status === 'ONLINE') return { destination, value: status, retain: true }
  const forgets = watched.destinations
  watched.destinations = []
  return { destination, value: status, retain: true, forgets, device }
}

/** A list of its final length takes a third of the memory of one that has grown. */
const beginning = (readings: readonly Reading[]): Watched => ({
  heard: 0,
  due: 0,
  present: true,
  destinations: readings.map(({ destination }) => destination),
})

/** Most packets of a device have the same readings in the same order. */
function learn(destinations: string[], readings: readonly Reading[]): void {
  readings.forEach(({ destination }, place) => {
    if (destinations[place] !== destination && !destinations.includes(destination))
      destinations.push(destination)
  })
}
