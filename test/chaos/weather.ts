import type { Packet } from 'mqtt-packet'
import { type Observable, of } from 'rxjs'

/** `up` is from the client to its broker. */
export type Direction = 'up' | 'down'

/** What a wire is like. */
export interface Weather {
  /** Every byte disappears. A connection that has lost some never carries any again: it is half open. */
  swallow: boolean
  /** Closes every new connection at once. */
  refuse: boolean
  /** Ms that bytes take. */
  latency: number
  /** Ms that each byte takes beside. */
  perByte: number
  /** What arrives of bytes. */
  corrupt: (bytes: Buffer, direction: Direction) => Buffer
  /** What becomes of a packet of the broker. */
  answer: (packet: Packet) => Observable<Packet>
  /** How many of the next bytes, `size` of them, still arrive before their connection is cut. */
  cutAfter: ((size: number) => number) | undefined
}

/** All arrives as it was sent. */
export const fine: Weather = {
  swallow: false,
  refuse: false,
  latency: 0,
  perByte: 0,
  corrupt: (bytes) => bytes,
  answer: (packet) => of(packet),
  cutAfter: undefined,
}
