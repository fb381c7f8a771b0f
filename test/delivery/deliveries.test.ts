import { expect, it } from 'vitest'
import { deliveries, deliveryCounts } from '../../src/delivery/deliveries.js'
import type { Spool } from '../../src/delivery/spool.js'

/** A spool with readings that were taken into custody at these times, in this order. */
const spoolOf = (destination: string, ...times: number[]): Spool => ({
  entries: times.map((at, sequence) => ({ sequence, reading: { destination, value: at, at } })),
  append: () => 0,
  done: () => undefined,
})

/** What leaves when these spools have been opened, and then the link. */
function leaving(...spools: Spool[]): string[] {
  const { adopt, become, grant, next } = deliveries({
    ...{ preset: { offline: 'all' }, limit: 10, window: 10, slice: 10 },
    ...{ counts: deliveryCounts(), onDrop: () => undefined },
  })
  adopt(new Map(spools.map((spool, index) => [String(index), spool])))
  become('open')
  grant()
  const left: string[] = []
  for (let reading = next(); reading; reading = next()) left.push(`${reading.destination} ${reading.value}`)
  return left
}

it('returns what two spools hold in the order in which it was taken', () => {
  expect(leaving(spoolOf('attic', 1, 4), spoolOf('cellar', 2, 3))).toEqual([
    'attic 1',
    'cellar 2',
    'cellar 3',
    'attic 4',
  ])
})

it('keeps the order of a spool although the clock was set back meanwhile', () => {
  expect(leaving(spoolOf('attic', 50, 10, 20))).toEqual(['attic 50', 'attic 10', 'attic 20'])
})
