import fc from 'fast-check'
import { type IPublishPacket, type Packet, parser } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { publishPacket } from '../../src/mqtt/publishPacket.js'

function parsed(bytes: Buffer, version: '3.1.1' | '5'): IPublishPacket {
  const packets: Packet[] = []
  const reading = parser({ protocolVersion: version === '5' ? 5 : 4 })
  reading.on('packet', (packet) => packets.push(packet))
  reading.on('error', (error: Error) => expect.unreachable(error.message))
  expect(reading.parse(bytes)).toBe(0)
  expect(packets).toHaveLength(1)
  return packets[0] as IPublishPacket
}

describe('publishPacket', () => {
  it('is what a parser of MQTT reads as the message, in both versions', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.constantFrom('3.1.1' as const, '5' as const),
        (topic, payload, version) => {
          const packet = parsed(publishPacket(topic, payload, version), version)
          expect(packet).toMatchObject({ cmd: 'publish', topic, qos: 0, retain: false, dup: false })
          expect(packet.payload.toString()).toBe(payload)
        },
      ),
    )
  })

  it.each([0, 121, 122, 123, 16_377, 16_378, 16_379, 2_097_145, 2_097_146])(
    'says its length right around the bounds of a byte: a payload of %i bytes',
    (size) => {
      expect(parsed(publishPacket('ab/c', 'x'.repeat(size), '3.1.1'), '3.1.1').payload).toHaveLength(size)
    },
  )
})
