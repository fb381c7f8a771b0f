import { type Packet, parser } from 'mqtt-packet'
import { mergeMap, type OperatorFunction } from 'rxjs'

/** Makes packets of a stream of bytes, up to the first that is none. */
export function packetsOf(): OperatorFunction<Buffer, Packet> {
  const packets = parser()
  let found: Packet[] = []
  let broken = false
  packets.on('packet', (packet: Packet) => found.push(packet))
  packets.on('error', () => (broken = true))
  return mergeMap((bytes) => {
    found = []
    if (!broken) packets.parse(bytes)
    return found
  })
}
