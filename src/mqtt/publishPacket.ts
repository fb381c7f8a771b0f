/** PUBLISH at QoS 0, not retained. */
const publish = 0x30

/**
 * A PUBLISH packet at QoS 0 (MQTT 3.1.1 and 5, section 3.3). Nearly everything that is sent is one of these, and MQTT.js
 * spends on each four times what it takes to write it down.
 *
 * @example publishPacket('attic/temp_c', '21.5', '3.1.1') // <Buffer 30 12 00 0c 61 74 …>
 */
export function publishPacket(topic: string, payload: string, version: '3.1.1' | '5'): Buffer {
  const topicLength = Buffer.byteLength(topic)
  const properties = version === '5' ? 1 : 0
  const length = 2 + topicLength + properties + Buffer.byteLength(payload)
  const packet = Buffer.allocUnsafe(1 + lengthBytes(length) + length)
  packet[0] = publish
  let end = 1
  // Seven bits a byte, the lowest first; the eighth says that more will follow.
  let rest = length
  for (; rest > 127; rest >>>= 7) packet[end++] = (rest & 127) | 128
  packet[end++] = rest
  end = packet.writeUInt16BE(topicLength, end)
  end += packet.write(topic, end)
  if (properties) packet[end++] = 0
  packet.write(payload, end)
  return packet
}

const lengthBytes = (length: number) => (length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4)
