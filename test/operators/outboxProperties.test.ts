import fc from 'fast-check'
import { Subject, tap, VirtualTimeScheduler } from 'rxjs'
import { expect, it } from 'vitest'
import { deliveryCounts, type LinkState } from '../../src/delivery/deliveries.js'
import type { OfflinePolicy, Reading } from '../../src/model.js'
import { outbox } from '../../src/operators/outbox.js'
import { refreshable } from '../../src/operators/refreshable.js'

const window = 3
const lengths = { maxLength: 60, size: 'max' } as const
const destinations = ['attic', 'cellar']

type Event =
  | { readonly offer: Omit<Reading, 'value'> }
  | { readonly become: LinkState }
  /** Of those in flight, the one with this number has been acknowledged. */
  | { readonly acknowledge: number }
  | { readonly wait: number }
  | { readonly refresh: true }

const policy = fc.constantFrom<OfflinePolicy>('none', 'latest', { last: 1 }, { last: 3 }, 'all', 'all')
const offer = fc
  .record(
    {
      destination: fc.constantFrom(...destinations),
      event: fc.constant(true as const),
      delivery: fc.record({ qos: fc.constantFrom(0, 1, 1, 2), offline: policy }, { requiredKeys: [] }),
    },
    { requiredKeys: ['destination'] },
  )
  .map((reading): Event => ({ offer: reading }))
const happening = fc.oneof(
  { weight: 6, arbitrary: offer },
  {
    weight: 2,
    arbitrary: fc.constantFrom<LinkState>('open', 'open', 'full', 'down').map((become) => ({ become })),
  },
  { weight: 3, arbitrary: fc.nat({ max: window }).map((acknowledge) => ({ acknowledge })) },
  { weight: 1, arbitrary: fc.constantFrom(0, 50, 100, 250).map((wait) => ({ wait })) },
)

/** What was sent over each link, and what was acknowledged, when everything has happened and a good link came last. */
function run(events: readonly Event[]) {
  const [readings$, refresh$] = [new Subject<Reading>(), new Subject<void>()]
  const [state$, acknowledged$] = [new Subject<LinkState>(), new Subject<Reading>()]
  const scheduler = new VirtualTimeScheduler()
  const counts = deliveryCounts()
  const offered: Reading[] = []
  const links: Reading[][] = [[]]
  let flight: Reading[] = []
  let mostInFlight = 0
  let sentAgain = false
  const settled = new Set<Reading>()
  const qosOf = ({ delivery }: Reading) => delivery?.qos ?? 0

  const wait = (ms: number) => {
    scheduler.maxFrames = scheduler.frame + ms
    // It moves on without anything to do.
    scheduler.schedule(() => undefined, ms)
    scheduler.flush()
  }
  const acknowledge = (reading: Reading | undefined) => {
    if (!reading) return
    flight = flight.filter((other) => other !== reading)
    settled.add(reading)
    acknowledged$.next(reading)
  }
  const become = (state: LinkState) => {
    if (state === 'down') {
      flight = []
      links.push([])
    }
    state$.next(state)
  }
  const happen = (event: Event) => {
    if ('offer' in event) {
      const reading = { ...event.offer, value: offered.length }
      offered.push(reading)
      readings$.next(reading)
    } else if ('become' in event) become(event.become)
    else if ('acknowledge' in event) acknowledge(flight[event.acknowledge])
    else if ('wait' in event) wait(event.wait)
    else refresh$.next()
  }
  readings$
    .pipe(
      refreshable(refresh$),
      outbox(state$, { acknowledged$, window, rate: 20, counts }, scheduler),
      tap((reading) => {
        sentAgain ||= settled.has(reading)
        links.at(-1)?.push(reading)
        if (qosOf(reading) === 0) settled.add(reading)
        else flight.push(reading)
        mostInFlight = Math.max(mostInFlight, flight.length)
      }),
    )
    .subscribe()

  events.forEach(happen)
  become('open')
  while (counts.waiting > 0 || flight.length > 0) {
    wait(100)
    while (flight.length > 0) acknowledge(flight[0])
  }
  return { offered, links, settled, counts, mostInFlight, sentAgain }
}

const newer = (offered: readonly Reading[], reading: Reading) =>
  offered.filter(({ destination, value }) => destination === reading.destination && value > reading.value)
    .length

/** Whether it may be missing: events and `none` always, others when as many newer ones as they ask for came. */
function mayBeMissing(offered: readonly Reading[], reading: Reading): boolean {
  const offline = reading.delivery?.offline ?? 'latest'
  if (offline === 'all') return false
  if (typeof offline === 'object') return newer(offered, reading) >= offline.last
  return offline === 'none' || reading.event === true || newer(offered, reading) > 0
}

function lostAgainstPromise({ offered, settled }: ReturnType<typeof run>): Reading[] {
  return offered.filter((reading) => !settled.has(reading) && !mayBeMissing(offered, reading))
}

const values = (readings: readonly Reading[], destination: string) =>
  readings.filter((reading) => reading.destination === destination).map(({ value }) => value as number)

it('loses nothing it promised to keep, keeps the order, repeats nothing that is settled, and counts right', () => {
  fc.assert(
    fc.property(fc.array(happening, lengths), (events) => {
      const result = run(events)
      const { offered, links, settled, counts, mostInFlight, sentAgain } = result
      expect(lostAgainstPromise(result)).toEqual([])
      for (const destination of destinations)
        for (const link of links) {
          const sent = values(link, destination)
          expect(sent).toEqual([...new Set(sent)].sort((one, other) => one - other))
        }
      expect(sentAgain).toBe(false)
      const dropped = Object.values(counts.dropped).reduce((sum, count) => sum + count)
      expect(settled.size + dropped).toBe(offered.length)
      expect(mostInFlight).toBeLessThanOrEqual(window)
      expect(counts).toMatchObject({ waiting: 0, inFlight: 0 })
    }),
    { numRuns: 500 },
  )
})

it('keeps order and promises among repetitions, too', () => {
  // Of a destination with events and states refreshable repeats the state, older than the event though it is.
  const withoutEvents = happening.filter((event) => !('offer' in event && event.offer.event))
  const withRefresh = fc.oneof(
    { weight: 6, arbitrary: withoutEvents },
    { weight: 1, arbitrary: fc.constant<Event>({ refresh: true }) },
  )
  fc.assert(
    fc.property(fc.array(withRefresh, lengths), (events) => {
      const result = run(events)
      expect(lostAgainstPromise(result)).toEqual([])
      for (const destination of destinations)
        for (const link of result.links) {
          const sent = values(link, destination)
          expect(sent).toEqual(sent.toSorted((one, other) => one - other))
        }
    }),
    { numRuns: 500 },
  )
})
