import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { type IPublishPacket, type Packet, parser } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { publishBatch } from '../../src/mqtt/publishBatch.js'

const versions = ['3.1.1', '5'] as const
type Version = (typeof versions)[number]

/** A stream that remembers what is written to it. */
function recording() {
  const written: Uint8Array[] = []
  const write = (bytes: Uint8Array) => written.push(bytes) > 0
  return { written, stream: { write, cork: () => undefined, uncork: () => undefined } }
}

function parsed(bytes: readonly Uint8Array[], version: Version): IPublishPacket[] {
  const packets: Packet[] = []
  const reading = parser({ protocolVersion: version === '5' ? 5 : 4 })
  reading.on('packet', (packet) => packets.push(packet))
  reading.on('error', (error: Error) => expect.unreachable(error.message))
  expect(reading.parse(Buffer.concat(bytes))).toBe(0)
  return packets as IPublishPacket[]
}

describe('publishBatch', () => {
  it('writes what a parser of MQTT reads as the messages, in order, in both versions', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), fc.constantFrom(...versions), (messages, version) => {
        const { stream, written } = recording()
        const { add, flush } = publishBatch(stream, version)
        for (const [topic, payload] of messages) add(`t${topic}`, payload)
        flush()
        const read = parsed(written, version)
        expect(read.map(({ topic, payload }) => [topic.slice(1), payload.toString()])).toEqual(messages)
        for (const packet of read) expect(packet).toMatchObject({ cmd: 'publish', qos: 0, retain: false })
      }),
    )
  })

  it.each([0, 121, 122, 123, 16_377, 16_378, 16_379, 2_097_145, 2_097_146])(
    'says its length right around the bounds of a byte: a payload of %i bytes',
    (size) => {
      const { stream, written } = recording()
      const { add, flush } = publishBatch(stream)
      add('ab/c', 'x'.repeat(size))
      flush()
      expect(parsed(written, '3.1.1')[0]?.payload).toHaveLength(size)
    },
  )

  it('writes the messages of one turn in one piece, when that is over', async () => {
    const { stream, written } = recording()
    const { add } = publishBatch(stream)
    add('a', '1')
    add('b', '2')
    expect(written).toEqual([])
    await turn()
    expect(written).toHaveLength(1)
    add('c', '3')
    await turn()
    expect(parsed(written, '3.1.1').map(({ topic }) => topic)).toEqual(['a', 'b', 'c'])
  })

  it('does not let a long turn grow it: the stream gets what there is every 64 KiB', () => {
    const { stream, written } = recording()
    const { add } = publishBatch(stream)
    for (let n = 0; n < 3000; n += 1) add('topic', 'x'.repeat(100))
    expect(written.length).toBeGreaterThan(3)
    for (const { length } of written) expect(length).toBeLessThan(65 * 1024)
  })

  it('keeps what it has given away as it was', async () => {
    const { stream, written } = recording()
    const { add, flush } = publishBatch(stream)
    add('first', '1')
    flush()
    add('other', '2')
    await turn()
    expect(parsed(written, '3.1.1').map(({ topic }) => topic)).toEqual(['first', 'other'])
  })
})
