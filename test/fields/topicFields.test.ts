import fc from 'fast-check'
import { expect, it } from 'vitest'
import { topicFault } from '../../src/fields/topicFields.js'

/** MQTT 3.1.1, sections 1.5.3 and 4.7, one character after the other. */
function isTopic(text: string): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  const isBad = (point: number) =>
    point < 0x20 ||
    (point >= 0x7f && point < 0xa0) ||
    (point >= 0xd800 && point < 0xe000) ||
    (point >= 0xfdd0 && point < 0xfdf0) ||
    (point & 0xfffe) === 0xfffe
  return text !== '' && !/[+#]/.test(text) && !points.some(isBad) && Buffer.byteLength(text) <= 32_000
}

it('finds a fault in every text that is no topic, and in no other', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '.', '/', ':', ' ', '-') })
  const odd = fc.constantFrom(
    '',
    '+',
    '#',
    '\n',
    '\x7f',
    '\x9f',
    'ä',
    '😀',
    '\ud800',
    '\ufdd0',
    '\u{1ffff}',
    '"',
  )
  const text = fc.oneof(
    fc.tuple(plain, odd, plain).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.constantFrom('x', 'ä'), fc.integer({ min: 15_999, max: 32_001 }))
      .map(([c, n]) => c.repeat(n)),
  )
  fc.assert(
    fc.property(text, (topic) => {
      expect(topicFault(topic) === undefined).toBe(isTopic(topic))
    }),
    { numRuns: 1000, examples: [['x'.repeat(32_000)], ['x'.repeat(32_001)], ['']] },
  )
})
