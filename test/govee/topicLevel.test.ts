import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topicLevel } from '../../src/govee/topicLevel.js'

it.each([
  ['GVH5075_2233', 'GVH5075_2233'],
  ['Küche 2', 'Küche 2'],
  ['  attic\n', 'attic'],
  ['../../status', '.._.._status'],
  ['+/#$SYS', '____SYS'],
  ['a\u0000b\u001b[31m', 'a_b_[31m'],
  ['a\u0085b\u202Ec\u200Bd\u2028e', 'a_b_c_d_e'],
  ['a\uD800b\uFFFFc\uFDD0d\u{1FFFE}', 'a_b_c_d_'],
  ['   ', ''],
  ['', ''],
])('makes %j the level %j', (name, level) => {
  expect(topicLevel(name)).toBe(level)
})

describe('a long name', () => {
  it('is cut at 64 bytes', () => {
    expect(topicLevel('x'.repeat(100))).toBe('x'.repeat(64))
  })

  it('is cut between characters', () => {
    expect(topicLevel(`x${'🌡'.repeat(20)}`)).toBe(`x${'🌡'.repeat(15)}`)
  })

  it('does not end in the space it was cut at', () => {
    expect(topicLevel(`${'x'.repeat(63)} y`)).toBe('x'.repeat(63))
  })
})

it('makes one safe level of at most 64 bytes of any name, and leaves it alone when it sees it again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
      const level = topicLevel(name)
      expect(level).not.toMatch(/[/+#$\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u)
      expect(Buffer.byteLength(level)).toBeLessThanOrEqual(64)
      expect(topicLevel(level)).toBe(level)
    }),
    { numRuns: 1000 },
  )
})
