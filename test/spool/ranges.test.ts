import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ranges } from '../../src/spool/ranges.js'

describe('ranges', () => {
  it('puts neighbours together, in any order', () => {
    expect(ranges([3, 1, 2, 7])).toEqual([
      [1, 3],
      [7, 7],
    ])
    expect(ranges([])).toEqual([])
  })

  it('holds the numbers and no others, in as few ranges as can be', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30)), (numbers) => {
        const found = ranges(numbers)
        const spelled = found.flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, n) => from + n),
        )
        expect(spelled).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        found.slice(1).forEach(([from], index) => expect(from).toBeGreaterThan((found[index]?.[1] ?? 0) + 1))
      }),
    )
  })
})
