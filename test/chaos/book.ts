/** What is judged: whether a reading has arrived at the subscriber, or whether the broker has acknowledged it. */
export type Measure = 'arrived' | 'acknowledged'

/** What is known of one topic, whose numbers are offered in rising order; lists are by number. */
interface Page {
  offeredAt: number[]
  acknowledgedAt: (number | undefined)[]
  /** Those that we may say again, since we cannot know that they were acknowledged. */
  pending: boolean[]
  arrived: boolean[]
  lastSent: number
  lastArrived: number
  /** The newest when the present link began; it, or a newer one, may be repeated once. */
  newest: number
  mayRepeat: boolean
  /** All below it have arrived or are acknowledged. */
  complete: number
}

/** What a process loses when it is killed: it writes to the disk a second late, and what is being typed may not be read. */
const unsaved = 2000

/** Keeps the book on numbered readings: what is offered, what goes over the wire, what arrives. */
export function book(measure: Measure, now: () => number = () => performance.now()) {
  const pages = new Map<string, Page>()
  const figures = { offered: 0, duplicated: 0, repeated: 0, unwarranted: 0, outOfOrder: 0, strange: 0 }
  const excused = new Set<string>()
  const pageOf = (topic: string): Page => {
    const page: Page = pages.get(topic) ?? {
      offeredAt: [],
      acknowledgedAt: [],
      pending: [],
      arrived: [],
      lastSent: -1,
      lastArrived: -1,
      newest: -1,
      mayRepeat: false,
      complete: 0,
    }
    pages.set(topic, page)
    return page
  }
  const isComplete = (page: Page, number: number) =>
    measure === 'arrived' ? page.arrived[number] : page.acknowledgedAt[number] !== undefined
  const advance = (page: Page) => {
    while (isComplete(page, page.complete)) page.complete += 1
  }
  const isStrange = (page: Page, number: number) => {
    const strange = page.offeredAt[number] === undefined
    if (strange) figures.strange += 1
    return strange
  }

  /** The link to another process was cut: it may not have read what was acknowledged last. */
  const cut = () => {
    const since = now() - unsaved
    for (const page of pages.values())
      for (const [number, time = -Infinity] of page.acknowledgedAt.entries())
        if (time > since) page.pending[number] = true
  }

  return {
    /** There is one more; returns its number. */
    offer: (topic: string): number => {
      figures.offered += 1
      return pageOf(topic).offeredAt.push(now()) - 1
    },
    /** A link begins. */
    linked: () => {
      for (const page of pages.values()) {
        page.newest = page.offeredAt.length - 1
        page.mayRepeat = true
      }
    },
    sent: (topic: string, number: number) => {
      const page = pageOf(topic)
      if (isStrange(page, number)) return
      if (page.pending[number] === undefined) {
        if (number < page.lastSent) figures.outOfOrder += 1
        page.lastSent = Math.max(page.lastSent, number)
      } else if (page.pending[number]) figures.duplicated += 1
      else if (page.mayRepeat && number >= page.newest) {
        figures.repeated += 1
        page.mayRepeat = false
      } else figures.unwarranted += 1
      page.pending[number] = true
    },
    acknowledged: (topic: string, number: number) => {
      const page = pageOf(topic)
      page.acknowledgedAt[number] = now()
      advance(page)
    },
    /** The acknowledgement has been read: there is no reason left to say this one again. */
    settled: (topic: string, number: number) => (pageOf(topic).pending[number] = false),
    arrived: (topic: string, number: number) => {
      const page = pageOf(topic)
      if (isStrange(page, number)) return
      if (page.arrived[number]) {
        // On an encrypted wire nobody has seen it sent again.
        if (page.pending[number] === undefined) figures.duplicated += 1
        return
      }
      if (number < page.lastArrived) figures.outOfOrder += 1
      page.lastArrived = Math.max(page.lastArrived, number)
      page.arrived[number] = true
      advance(page)
    },
    cut,
    /** The process was killed: what it could not save may be missing, what it could not cross out may come again. */
    killed: () => {
      cut()
      const since = now() - unsaved
      for (const [topic, page] of pages)
        for (const [number, time] of page.offeredAt.entries())
          if (time > since) excused.add(`${topic} ${number}`)
    },
    /** Whether nothing is missing of what has been offered up to now, `later` neither of something newer; ask the result. */
    upToNow: (later: boolean) => {
      const goals = [...pages].map(([topic, page]) => ({ topic, page, end: page.offeredAt.length }))
      return () => {
        for (const { topic, page, end } of goals)
          while (page.complete < end && excused.has(`${topic} ${page.complete}`)) {
            page.complete += 1
            advance(page)
          }
        return (
          goals.every(({ page, end }) => page.complete >= end) &&
          (!later || goals.some(({ page, end }) => page.complete > end))
        )
      }
    },
    figures: () => {
      let lost = 0
      let forgotten = 0
      for (const [topic, page] of pages)
        for (const number of page.offeredAt.keys())
          if (!isComplete(page, number)) {
            if (excused.has(`${topic} ${number}`)) forgotten += 1
            else lost += 1
          }
      return { ...figures, lost, unsaved: forgotten }
    },
  }
}

export type Book = ReturnType<typeof book>
