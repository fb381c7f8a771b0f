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
import { describeStatus, type Description } from '../description.js'
import { remember } from '../memory.js'
import type { Logger, Reading } from '../model.js'
import type { DeviceReport } from '../operators/throttleReadings.js'

/** How far apart a stranger must be heard twice, ms. */
const confirmation = 30_000

/** How long a device stays OFFLINE that is not configured; then nothing is retained of it. */
const absence = 86_400_000

interface Watched {
  /** When it was heard first. */
  readonly first: number
  /** When it was heard last, or has been waited for since. */
  heard: number
  /** When to look at it again. */
  due: number
  present: boolean
  /** It is configured, so there is always something to say of it. */
  readonly configured: boolean
  /** It speaks when something happens only, so it is never said to be gone. */
  triggered: boolean
  /** The empty text clears what is retained. */
  said?: 'ONLINE' | 'OFFLINE' | ''
  /** What its status is; absent before it was heard. */
  about?: Description | undefined
  /** A few of the same strings again and again, so a list is smaller than a set, and no slower. */
  destinations: string[]
}

/**
 * Says `OFFLINE` on `<device>/status`, retained, when a device has not been heard for `expire` ms, and `ONLINE` when it is heard
 * again; its readings are no longer repeated then. The `awaited` devices are said to be ONLINE as soon as
 * they are heard, since the broker may still hold an OFFLINE from before this program started, and OFFLINE if they are never heard
 * at all. Others have a status once they were heard twice at least half a minute apart, so that who passes by leaves
 * nothing retained; it is cleared when they have stayed away for a day. Bounded to `limit` devices, beyond which the log hears
 * that others have none.
 *
 * ![marble diagram](../../marbles/expiry.svg)
 */
export function deviceStatus(
  expire: number,
  awaited: readonly string[] = [],
  limit = 10_000,
  log?: Pick<Logger, 'warn'>,
): OperatorFunction<DeviceReport, Reading> {
  return (reports$) =>
    defer(() => {
      const devices = new Map<string, Watched>()
      const strangers = new Map<string, Watched>()
      const span = Math.min(expire, confirmation)
      const earlier$ = new Subject<void>()
      const ended$ = new Subject<void>()
      let earliest = Infinity
      let isFull = false

      const watch = (watched: Watched) => {
        watched.due = watched.heard + span
        if (watched.due >= earliest) return
        earliest = watched.due
        earlier$.next()
      }
      const say = (device: string, watched: Watched, said: 'ONLINE' | 'OFFLINE' | ''): Reading => {
        watched.said = said
        const destination = `${device}/status`
        const about = watched.about && { about: watched.about }
        if (said === 'ONLINE') return { destination, value: said, retain: true, ...about }
        const forgets = watched.destinations
        watched.destinations = []
        return { destination, value: said, retain: true, forgets, device, ...about }
      }
      /** Whether a stranger has a status from now on. */
      const admit = (device: string, watched: Watched): boolean => {
        if (watched.heard - watched.first < span) return false
        if (devices.size >= limit) {
          if (!isFull)
            log?.warn(`no more than ${limit} devices have a status: others that are heard have none`)
          isFull = true
          return false
        }
        strangers.delete(device)
        devices.set(device, watched)
        return true
      }
      const lookAt = (device: string, watched: Watched, now: number): Reading | undefined => {
        if (now - watched.heard < expire) {
          watched.due = watched.heard + expire
          return watched.present && !watched.said && devices.has(device)
            ? say(device, watched, 'ONLINE')
            : undefined
        }
        if (watched.triggered && watched.said === 'ONLINE') {
          watched.due = Infinity
          return undefined
        }
        if (watched.said === 'ONLINE' || (watched.said === undefined && devices.has(device))) {
          watched.due = watched.configured ? Infinity : watched.heard + absence
          return say(device, watched, 'OFFLINE')
        }
        if (watched.said === undefined) {
          watched.due = watched.heard + absence
          return say(device, watched, '')
        }
        strangers.delete(device)
        return devices.delete(device) ? say(device, watched, '') : undefined
      }
      const look = (): Reading[] => {
        const now = asyncScheduler.now()
        const news: Reading[] = []
        earliest = Infinity
        for (const those of [devices, strangers])
          for (const [device, watched] of those) {
            const said = watched.due <= now ? lookAt(device, watched, now) : undefined
            if (said) news.push(said)
            if (those.has(device)) earliest = Math.min(earliest, watched.due)
          }
        return news
      }

      for (const device of awaited) {
        const now = asyncScheduler.now()
        const watched: Watched = {
          first: now,
          heard: now,
          due: 0,
          present: false,
          configured: true,
          triggered: false,
          destinations: [],
        }
        devices.set(device, watched)
        watch(watched)
      }
      const heard$ = reports$.pipe(
        map(({ device, readings, triggered = false }) => {
          const now = asyncScheduler.now()
          const known = devices.get(device) ?? strangers.get(device)
          const watched = known ?? beginning(readings, now)
          watched.triggered = triggered
          watched.heard = now
          watched.present = true
          watched.about ??= statusOf(device, readings)
          if (known) learn(watched.destinations, readings)
          else remember(strangers, device, watched, limit)
          if (
            known &&
            (watched.said === 'ONLINE' || (watched.said !== 'OFFLINE' && !watched.configured)) &&
            devices.has(device)
          )
            return undefined
          const isOver = watched.due === 0 || (watched.said !== undefined && watched.said !== 'ONLINE')
          if (isOver) {
            if (watched.said === '') delete watched.said
            watch(watched)
          }
          return known && (devices.has(device) || admit(device, watched))
            ? say(device, watched, 'ONLINE')
            : undefined
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

/** What the status of a device is, which its readings describe. */
const statusOf = (device: string, readings: readonly Reading[]): Description | undefined => {
  const described = readings[0]?.about?.device
  return described && describeStatus(described, `${device}/status`)
}

/** A list of its final length takes a third of the memory of one that has grown. */
const beginning = (readings: readonly Reading[], now: number): Watched => ({
  first: now,
  heard: now,
  due: 0,
  present: true,
  configured: false,
  triggered: false,
  destinations: readings.map(({ destination }) => destination),
})

/** Most packets of a device have the same readings in the same order. */
function learn(destinations: string[], readings: readonly Reading[]): void {
  readings.forEach(({ destination }, place) => {
    if (destinations[place] !== destination && !destinations.includes(destination))
      destinations.push(destination)
  })
}
