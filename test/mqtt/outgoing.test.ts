import fc from 'fast-check'
import { expect, it } from 'vitest'
import { topicsBelow } from '../../src/mqtt/outgoing.js'
import { topicFault } from '../../src/fields/topicFields.js'
import { recordedLog } from '../support/recordedLog.js'

it('makes a topic of every destination without a fault, and of no other', () => {
  const topicOf = topicsBelow('root', recordedLog().log)
  const destination = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', '/', ' ', '.', '+', '#', '\n', 'ä', '😀', '\ud800', '\uffff') }),
    fc.integer({ min: 990, max: 1010 }).map((length) => 'x'.repeat(length)),
    fc.constantFrom('x'.repeat(32_000), 'x'.repeat(32_001), 'ä'.repeat(16_001)),
  )
  fc.assert(
    fc.property(destination, (text) => {
      expect(topicOf(text)).toBe(topicFault(text) === undefined ? `root/${text}` : undefined)
    }),
    { examples: [['']] },
  )
})

it('makes none of the topics that are the connection’s own', () => {
  const { log, lines } = recordedLog()
  const topicOf = topicsBelow('root', log)
  expect(['status', 'refresh', 'health', 'attic/status'].map(topicOf)).toEqual([
    undefined,
    undefined,
    undefined,
    'root/attic/status',
  ])
  expect(lines).toHaveLength(3)
})

it('says a fault once, however often the destination comes', () => {
  const { log, lines } = recordedLog()
  const topicOf = topicsBelow('root', log)
  for (const text of ['a#', 'b', 'a#', 'c+', 'a#']) topicOf(text)
  expect(lines.map((line) => /"(.*)"/.exec(line)?.[1])).toEqual(['a#', 'c+'])
})
