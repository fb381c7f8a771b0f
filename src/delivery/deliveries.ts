import { remember } from '../memory.js'
import { type Delivery, isWithdrawal, type Reading } from '../model.js'
import { type DropReason, kept, type Parcel } from './kept.js'
import type { Spool } from './spool.js'

/** The bounds of an outbox, and what holds of readings that do not say how they are to be delivered. */
interface DeliveriesOptions {
  readonly preset: Delivery
  readonly limit: number
  readonly window: number
  /** How many of the backlog may leave at a time. */
  readonly slice: number
  readonly counts: DeliveryCounts
  readonly onDrop: (reason: DropReason) => void
}

/** What waits and what is on its way, without any notion of time: it is told what happens, and asked what may leave. */
export function deliveries({ preset, limit, window, slice, counts, onDrop }: DeliveriesOptions) {
  const { take, release, open } = custodian(preset)
  const drop = (parcel: Parcel, reason: DropReason) => {
    counts.dropped[reason] += 1
    release(parcel)
    onDrop(reason)
  }
  const queue = kept(limit, drop)
  const flight = new Map<Reading, Parcel>()
  const isRepeated = repetitions(limit)
  const missed = new WeakSet<Reading>()
  let state: LinkState = 'down'
  let adopted = false
  let behind = true
  let budget = 0
  let joined = 0

  // A state that the broker retains is said again after each reconnect: nobody waits for its acknowledgement. That one is
  // cleared is not said again, and must not be lost.
  const isTracked = (reading: Reading) =>
    isWithdrawal(reading) || (!reading.retain && (reading.delivery?.qos ?? preset.qos ?? 0) > 0)
  const isFree = (reading: Reading) => flight.size < window || !isTracked(reading)
  const isLatest = ({ delivery }: Reading) => (delivery?.offline ?? preset.offline ?? 'latest') === 'latest'

  function count(): void {
    counts.waiting = queue.size
    counts.inFlight = flight.size
  }

  function forget(destinations: readonly string[]): void {
    for (const destination of destinations) queue.forget(destination)
    for (const [reading, { series }] of flight)
      if (!series && destinations.includes(reading.destination)) flight.delete(reading)
  }

  function admit(reading: Reading): boolean {
    // Where only the latest is kept a repetition is like any other; elsewhere it is no part of the series.
    const repeated = !isLatest(reading) && isRepeated(reading)
    const waiting = queue.newestOf(reading.destination)
    if (flight.has(reading) || (waiting && (repeated || waiting === reading))) return false
    const promise = repeated ? { keep: 1, series: false } : promiseOf(reading, preset)
    const parcel: Parcel = { reading, ...promise, age: 0 }
    if (state === 'open' && !waiting && isFree(reading)) {
      if (!isTracked(reading)) return true
      take(parcel)
      flight.set(reading, parcel)
      return true
    }
    if (repeated && missed.has(reading)) return false
    if (parcel.keep === 0) {
      missed.add(reading)
      drop(parcel, 'offline')
      return false
    }
    counts.kept += 1
    take(parcel)
    queue.add(parcel)
    if (state === 'open') joined += 1
    return false
  }

  return {
    /** Whether there is a backlog that has not been sent yet. */
    isBehind: () => behind,
    /** Whether there is nothing more to do, or no way to do it: what the spools have taken is safe. */
    isOver: () => adopted && (state === 'down' || (queue.size === 0 && flight.size === 0)),

    /** How many of a series are neither delivered nor in a spool. */
    unsaved: () =>
      [...flight.values(), ...queue.all()].filter(({ series, custody }) => series && !custody).length,

    /** How many of the latest readings are not delivered. */
    unsent: () =>
      [...flight.values(), ...queue.all()].filter(({ series, reading }) => !series && !isWithdrawal(reading))
        .length,

    /** Takes a reading; true when it is to leave at once. */
    offer: (reading: Reading): boolean => {
      if (reading.forgets) {
        forget(reading.forgets)
        if (isWithdrawal(reading) && !isRetained(reading, preset)) return false
      }
      // Most readings: they leave no trace.
      if (state === 'open' && queue.size === 0 && isLatest(reading) && !isTracked(reading)) return true
      const leaves = admit(reading)
      count()
      return leaves
    },

    /** The next that may leave now. */
    next: (): Reading | undefined => {
      if (state !== 'open') return undefined
      if (queue.backlog.size === 0) behind = false
      const parcel = queue.next(!behind || budget > 0)
      if (!parcel || !isFree(parcel.reading)) return undefined
      if (parcel.lane === queue.backlog) budget -= 1
      queue.remove(parcel)
      if (isTracked(parcel.reading)) flight.set(parcel.reading, parcel)
      else release(parcel)
      count()
      return parcel.reading
    },

    /** Lets a further slice of the backlog leave, and as many more as have joined it, so that it comes to an end. */
    grant: (): void => {
      budget = slice + joined
      joined = 0
    },

    /** Lets the backlog leave as fast as it can. */
    hurry: (): void => {
      behind = false
    },

    become: (next: LinkState): void => {
      state = next
      if (next !== 'down') return
      behind = true
      joined = 0
      const unacknowledged = [...flight.values()]
      flight.clear()
      queue.putBack(unacknowledged)
      count()
    },

    acknowledge: (reading: Reading): void => {
      const parcel = flight.get(reading) ?? queue.lost(reading)
      if (!parcel) return
      flight.delete(reading)
      queue.remove(parcel)
      release(parcel)
      count()
    },

    /** Puts what an earlier run left before everything else, and takes into custody what waits already. */
    adopt: (spools: ReadonlyMap<string, Spool>): void => {
      const earlier = open(spools)
      adopted = true
      for (const parcel of queue.backlog) if (!parcel.custody) take(parcel)
      queue.precede(earlier)
      count()
    },
  }
}

/** Gives what is part of a series into the custody of its spool, once the spools are open. */
function custodian(preset: Delivery) {
  let spools: ReadonlyMap<string, Spool> = new Map()
  return {
    take: (parcel: Parcel): void => {
      const spool = parcel.series && spools.get(parcel.reading.delivery?.spool ?? preset.spool ?? '')
      if (spool) parcel.custody = { spool, sequence: spool.append(parcel.reading) }
    },
    release: ({ custody }: Parcel): void => custody?.spool.done(custody.sequence),
    /** Returns what an earlier run left, oldest first. It was part of a series, whatever the configuration says now. */
    open: (opened: ReadonlyMap<string, Spool>): Parcel[] => {
      const known = new Set(spools.values())
      spools = opened
      const fresh = [...opened.values()].filter((spool) => !known.has(spool))
      const earlier = fresh.flatMap((spool) => {
        // A clock that was set back meanwhile must not change the order within a spool.
        let latest = 0
        return spool.entries.map(({ sequence, reading }) => {
          const { keep, series } = promiseOf(reading, preset)
          const custody = { spool, sequence }
          const parcel: Parcel = { reading, keep: series ? keep : Infinity, series: true, age: 0, custody }
          return { parcel, taken: (latest = Math.max(latest, reading.at ?? 0)) }
        })
      })
      return earlier.sort((one, other) => one.taken - other.taken).map(({ parcel }) => parcel)
    },
  }
}

/** Whether the broker is to keep a reading for whoever subscribes later. An event is over by then, whatever was asked for. */
export const isRetained = ({ event, retain, delivery }: Reading, preset: Delivery): boolean =>
  !event && (retain ?? delivery?.retain ?? preset.retain ?? false)

/**
 * What is promised of a reading that cannot be sent now. An event that is not part of a series would be too late by then; what
 * the broker retains is cleared in any case.
 */
function promiseOf(reading: Reading, preset: Delivery): Pick<Parcel, 'keep' | 'series'> {
  const { event, delivery } = reading
  if (isWithdrawal(reading)) return { keep: 1, series: false }
  const offline = delivery?.offline ?? preset.offline ?? 'latest'
  if (offline === 'all') return { keep: Infinity, series: true }
  if (typeof offline === 'object') return { keep: offline.last, series: true }
  return { keep: offline === 'latest' && !event ? 1 : 0, series: false }
}

/**
 * Tells repetitions from what is new: a reading is repeated when it is the very object that was the newest of its destination.
 * Beyond `limit` destinations the one not heard for longest is forgotten.
 */
function repetitions(limit: number): (reading: Reading) => boolean {
  const newest = new Map<string, Reading>()
  return (reading) => {
    if (newest.get(reading.destination) === reading) return true
    remember(newest, reading.destination, reading, limit)
    return false
  }
}

/** What has become of readings since the start, and how many wait or are on their way now. */
export interface DeliveryCounts {
  /** How many could not go at once. */
  kept: number
  /** How many wait now. */
  waiting: number
  /** How many are sent and not yet acknowledged. */
  inFlight: number
  /** How many were not delivered, by the reason why. */
  readonly dropped: Record<DropReason, number>
}

/** What has become of the readings of a connection since it started, as it is published on `<rootTopic>/health`. */
export interface Metrics extends DeliveryCounts {
  /** Readings addressed to it. */
  offered: number
  /** Messages sent, repetitions included. */
  published: number
  /** Messages that the broker has acknowledged, of those at QoS 1 and 2. */
  acknowledged: number
  /** How often the broker was found again. */
  reconnects: number
}

/** Counts that begin at nothing. */
export const deliveryCounts = (): DeliveryCounts => ({
  kept: 0,
  waiting: 0,
  inFlight: 0,
  dropped: { offline: 0, superseded: 0, overflow: 0, invalid: 0, refused: 0 },
})

/** Whether a link takes readings: it is gone, it is there but takes no more for now, or it takes them. */
export type LinkState = 'down' | 'full' | 'open'
