import type { Writable } from 'node:stream'

/**
 * Writes PUBLISH packets at QoS 0 (MQTT 3.1.1 and 5, section 3.3), those of one turn of the loop in one piece. Nearly all
 * that is sent is one of these, and MQTT.js spends on each several times what it takes to write it down.
 */
export function publishBatch(
  stream: Pick<Writable, 'write' | 'cork' | 'uncork'>,
  version: '3.1.1' | '5' = '3.1.1',
) {
  let packets = Buffer.allocUnsafeSlow(1024)
  let end = 0

  /** Writes at once what has been added: whatever else is written keeps its place then. */
  const flush = () => {
    if (end === 0) return
    // A copy, for the stream keeps what it is given until it is sent.
    stream.write(Buffer.from(packets.subarray(0, end)))
    end = 0
  }
  // Corked, the stream counts what a long turn gives it, and says when that is enough.
  let inTurn = false
  const endTurn = () => {
    flush()
    inTurn = false
    stream.uncork()
  }
  const reserve = (bytes: number) => {
    if (end + bytes <= packets.length) return
    const larger = Buffer.allocUnsafeSlow(2 * (end + bytes))
    packets.copy(larger, 0, 0, end)
    packets = larger
  }
  const add = (topic: string, payload: string) => {
    if (!inTurn) {
      inTurn = true
      stream.cork()
      process.nextTick(endTurn)
    }
    const topicLength = Buffer.byteLength(topic)
    const properties = version === '5' ? 1 : 0
    const length = 2 + topicLength + properties + Buffer.byteLength(payload)
    reserve(overhead + length)
    packets[end++] = publish
    // Seven bits a byte, the lowest first; the eighth says that more will follow.
    let rest = length
    for (; rest > 127; rest >>>= 7) packets[end++] = (rest & 127) | 128
    packets[end++] = rest
    packets[end++] = topicLength >> 8
    packets[end++] = topicLength & 255
    end += packets.write(topic, end)
    if (properties) packets[end++] = 0
    end += packets.write(payload, end)
    if (end >= size) flush()
  }
  return { add, flush }
}

/** PUBLISH at QoS 0, not retained. */
const publish = 0x30

/** Bytes that wait for the end of the turn at most; then the stream tells whether it can take more. */
const size = 64 * 1024

/** What a packet has at most beside topic and payload: one byte, a length of four, the topic's of two, no properties. */
const overhead = 8
