import { setTimeout as pause } from 'node:timers/promises'
import { heap } from './heap.js'
import type { Book } from './book.js'
import type { Seeded } from './seeded.js'

/** What a fault strikes. */
export interface Victim {
  readonly book: Book
  readonly random: Seeded
  /** Ends the readings. */
  readonly end: () => void
}

export interface Plan<V extends Victim> {
  readonly times: number
  readonly victims: readonly V[]
  /** Ms from one fault to the next, at least and at most. */
  readonly rest: readonly [number, number]
  readonly strike: (victim: V) => unknown
  /** Bytes. @default the heap of this process */
  readonly memory?: (victim: V) => number
}

/** How long anything may take, ms: what has not arrived by then is lost. */
const patience = 30_000

/** Lets a fault strike so many times at random moments, a third of the time again before all is well. Times are ms, memory is bytes. */
export async function campaign<V extends Victim>({ times, victims, rest, strike, memory }: Plan<V>) {
  let struck = 0
  let recovery = 0
  const memories: number[] = []
  const look = async (victim: V) => memories.push(memory?.(victim) ?? (await heap()))

  const recovered = async ({ book }: V, later = true) => {
    const began = performance.now()
    const isWell = book.upToNow(later)
    while (!isWell()) {
      if (performance.now() - began > patience) return Infinity
      await pause(5)
    }
    return performance.now() - began
  }
  const suffer = async (victim: V) => {
    const { random } = victim
    while (struck < times && recovery < Infinity) {
      struck += 1
      await pause(random.between(...rest))
      await strike(victim)
      if (random.chance(1 / 3)) continue
      recovery = Math.max(recovery, await recovered(victim))
      if (memory || victim === victims[0]) await look(victim)
    }
    recovery = Math.max(recovery, await recovered(victim))
    victim.end()
    recovery = Math.max(recovery, await recovered(victim, false))
  }
  for (const victim of victims.slice(0, 1)) await look(victim)
  await Promise.all(victims.map(suffer))
  for (const victim of victims.slice(0, 1)) await look(victim)

  const sum = (of: (figures: ReturnType<Book['figures']>) => number) =>
    victims.reduce((total, { book }) => total + of(book.figures()), 0)
  return {
    times: struck,
    offered: sum(({ offered }) => offered),
    lost: sum(({ lost }) => lost),
    unsaved: sum(({ unsaved }) => unsaved),
    duplicated: sum(({ duplicated }) => duplicated),
    repeated: sum(({ repeated }) => repeated),
    unwarranted: sum(({ unwarranted }) => unwarranted),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    strange: sum(({ strange }) => strange),
    recovery,
    memories,
  }
}

export type Result = Awaited<ReturnType<typeof campaign>>
