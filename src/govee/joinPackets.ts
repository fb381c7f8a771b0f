import { defer, map, type MonoTypeOperatorFunction } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { packetJoiner } from './packetJoiner.js'

/**
 * Lends a packet without local name or service UUIDs those that its device sent in another packet: some say their
 * name in the advertisement and their reading in the scan response. Readings and RSSI are never carried over.
 *
 * A shortened name (a beginning of the known one) does not replace a complete one. A device unheard for 10 minutes
 * is forgotten, and so is the one unheard for longest when more than 10 000 are known.
 *
 * ![marble diagram](../../marbles/joinPackets.svg)
 *
 * @example
 * const name = advertisement({ model: 'H5074' })
 * const reading = advertisement({ model: 'H5074', temperature: 4.5, humidity: 80 })
 * of(name, reading).pipe(
 *   joinPackets(),
 *   map((packet) => decodeGovee(packet)?.temperature_c),
 * )
 * // → undefined, 4.5
 */
export function joinPackets(): MonoTypeOperatorFunction<Advertisement> {
  return (advertisements$) => defer(() => advertisements$.pipe(map(packetJoiner())))
}
