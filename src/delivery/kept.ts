import type { Reading } from '../model.js'
import type { Spool } from './spool.js'

/**
 * What waits to be sent. Of each destination the oldest leaves first. There are three lanes: what an earlier link lost, the
 * latest states, and the backlog, which leaves last and which others of its destination must not overtake.
 */
export function kept(limit: number, drop: (parcel: Parcel, reason: DropReason) => void) {
  const [lost, prompt, backlog] = [lane<Parcel>(), lane<Parcel>(), lane<Parcel>()]
  const queues = new Map<string, Queue>()
  let size = 0
  let age = 0

  const queueOf = ({ reading }: Parcel) => queues.get(reading.destination)

  function enter(parcel: Parcel, queue: Queue | undefined, into: Lane<Parcel>): Queue {
    const entered = queue ?? { oldest: parcel, newest: parcel, size: 0, late: 0 }
    if (!queue) queues.set(parcel.reading.destination, entered)
    entered.size += 1
    if (into === backlog) entered.late += 1
    parcel.lane = into
    size += 1
    return entered
  }

  function remove(parcel: Parcel): void {
    const queue = queueOf(parcel)
    if (!parcel.lane || !queue) return
    parcel.lane.delete(parcel)
    if (parcel.lane === backlog) queue.late -= 1
    parcel.lane = undefined
    size -= 1
    queue.size -= 1
    if (queue.size === 0) queues.delete(parcel.reading.destination)
    // Who left from the middle is passed over here.
    while (!queue.oldest.lane && queue.oldest.next) queue.oldest = queue.oldest.next
  }

  function discard(parcel: Parcel, reason: DropReason): void {
    remove(parcel)
    drop(parcel, reason)
  }

  function trim(): void {
    while (size > limit) {
      const firsts = [lost, prompt, backlog].flatMap((each) => each.first() ?? [])
      discard(
        firsts.reduce((one, other) => (one.age <= other.age ? one : other)),
        'overflow',
      )
    }
  }

  /** Whatever was dropped for a newer one has its promise fulfilled; so it is from the newest to the oldest. */
  function prepend(parcels: readonly Parcel[], into: Lane<Parcel>): void {
    const back = parcels.toReversed().filter((parcel) => {
      const queue = queueOf(parcel)
      if ((queue?.size ?? 0) >= parcel.keep) {
        drop(parcel, queue ? 'superseded' : 'offline')
        return false
      }
      parcel.next = queue?.oldest
      enter(parcel, queue, into).oldest = parcel
      return true
    })
    if (back.length > 0) into.putFirst(back.reverse())
    trim()
  }

  return {
    get size() {
      return size
    },
    get backlog(): Iterable<Parcel> & { readonly size: number } {
      return backlog
    },
    /** The newest reading that waits of a destination. */
    newestOf: (destination: string): Reading | undefined => queues.get(destination)?.newest.reading,
    /** Puts a parcel behind the others of its destination, and drops those it replaces. */
    add: (parcel: Parcel): void => {
      parcel.age = age += 1
      const before = queueOf(parcel)
      const latest = before?.newest.lane && !before.newest.series ? before.newest : undefined
      if (latest?.lane && !parcel.series) {
        // The place is kept, so that however often this happens nothing grows.
        drop(latest, 'superseded')
        latest.reading = parcel.reading
        latest.age = parcel.age
        latest.lane.delete(latest)
        latest.lane.push(latest)
        return
      }
      if (latest) discard(latest, 'superseded')
      while (before && before.size >= parcel.keep && before.oldest.keep <= parcel.keep)
        discard(before.oldest, 'superseded')
      const queue = queueOf(parcel)
      const into = parcel.series || (queue && queue.late > 0) ? backlog : prompt
      if (queue) queue.newest.next = parcel
      enter(parcel, queue, into).newest = parcel
      into.push(parcel)
      trim()
    },

    /** Takes back what was on its way, oldest first: it leaves before all that waits. */
    putBack: (parcels: readonly Parcel[]) => prepend(parcels, lost),

    /** Takes what is older than all that waits, oldest first, into the backlog. */
    precede: (parcels: readonly Parcel[]): void => {
      prepend(parcels, backlog)
      for (const parcel of prompt) {
        const queue = queueOf(parcel)
        if (!queue || queue.late === 0) continue
        prompt.delete(parcel)
        queue.late += 1
        parcel.lane = backlog
        backlog.push(parcel)
      }
    },

    /** The latest state of this destination is no longer true; what has been is part of a series nevertheless. */
    forget: (destination: string): void => {
      const newest = queues.get(destination)?.newest
      if (newest?.lane && !newest.series) discard(newest, 'superseded')
    },

    /** All that waits. */
    all: () => [...lost, ...prompt, ...backlog],
    /** The next to leave; of the backlog only where it `mayBeLate`. */
    next: (mayBeLate: boolean): Parcel | undefined =>
      lost.first() ?? prompt.first() ?? (mayBeLate ? backlog.first() : undefined),

    /** What was put back and still waits. */
    lost: (reading: Reading): Parcel | undefined => [...lost].find((parcel) => parcel.reading === reading),

    remove,
  }
}

/** A reading that waits or is on its way, and what was promised of it. */
export interface Parcel {
  reading: Reading
  /** It is sent unless as many newer ones of its destination wait. */
  readonly keep: number
  /** It was asked for as part of a series (`last N`, `all`), not as the latest state. */
  readonly series: boolean
  /** Where it survives a restart. */
  custody?: { readonly spool: Spool; readonly sequence: number }
  /** Where it waits; absent while it does not. */
  lane?: Lane<Parcel> | undefined
  /** The one of its destination that came next. */
  next?: Parcel | undefined
  /** Grows with every one that begins to wait. */
  age: number
}

/** Why a reading was not delivered. */
export type DropReason =
  /** It could not be sent at once, and was not to wait. */
  | 'offline'
  /** A newer one took its place, as `latest` and `last N` have it. */
  | 'superseded'
  /** More would have had to wait than fit. */
  | 'overflow'
  /** There is no topic for its destination. */
  | 'invalid'
  /** The broker does not take it. */
  | 'refused'

/** What waits of one destination. */
interface Queue {
  oldest: Parcel
  newest: Parcel
  size: number
  /** How many of them are in the backlog. */
  late: number
}

/** Items in the order they came; each can leave at any time, at no greater cost than the first. */
interface Lane<T> extends Iterable<T> {
  readonly size: number
  push(item: T): void
  /** Puts items before all others. */
  putFirst(items: readonly T[]): void
  first(): T | undefined
  delete(item: T): void
}

/** Makes an empty lane. */
function lane<T extends object>(): Lane<T> {
  let items = new Set<T>()
  let front: T | undefined
  // It lives long, for a new one would step over all the places that those who left have left empty.
  let iterator: Iterator<T, undefined> | undefined
  return {
    get size() {
      return items.size
    },
    push: (item) => void items.add(item),
    putFirst: (older) => {
      items = new Set([...older, ...items])
      iterator = front = undefined
    },
    first: () => {
      if (front) return front
      if (items.size === 0) return (iterator = front = undefined)
      front = iterator?.next().value
      if (front) return front
      iterator = items.values()
      return (front = iterator.next().value)
    },
    delete: (item) => {
      items.delete(item)
      if (item === front) front = undefined
    },
    [Symbol.iterator]: () => items.values(),
  }
}
