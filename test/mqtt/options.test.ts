import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backoff } from '../../src/mqtt/options.js'

it('doubles from 1 s to 40 s when chance is kind, from 1.5 s to 60 s when it is not', () => {
  const failures = [0, 1, 2, 3, 4, 5, 6, 7, 1000, Infinity]
  expect(failures.map((count) => backoff(count, undefined, () => 0) / 1000)).toEqual([
    1, 2, 4, 8, 16, 32, 40, 40, 40, 40,
  ])
  expect(failures.map((count) => backoff(count, undefined, () => 1) / 1000)).toEqual([
    1.5, 3, 6, 12, 24, 48, 60, 60, 60, 60,
  ])
})

it('is never shorter than the first pause nor longer than the longest', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
      const pause = backoff(failures, undefined, () => chance)
      expect(pause).toBeGreaterThanOrEqual(1000)
      expect(pause).toBeLessThanOrEqual(60_000)
    }),
  )
})
