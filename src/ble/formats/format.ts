import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'

/** How the packets of one brand are read, and what is known to go wrong with them. */
export interface Format {
  /** The brand, as people write it. */
  readonly brand: string
  /** What a packet says; undefined when there is no reading of a known model in it. Never throws, whatever the bytes. */
  readonly decode: (advertisement: Advertisement) => Measurement | undefined
  /** Whether a packet could hold a reading of the brand, though it may not be known how to read it. */
  readonly looksFamiliar: (advertisement: Advertisement) => boolean
  /** The number that one event has on the air, however often it is sent; undefined for what may come again. */
  readonly eventNumber: (advertisement: Advertisement) => number | undefined
  /** A number that stands for a measurement where packets are to be compared; undefined where nothing is known to go wrong. */
  readonly sample: (measurement: Measurement) => number | undefined
  /** Whether a sample is likely to be wrong, given the last one of its place and, of two probes, that of the other. */
  readonly isDoubtful: (sample: number, last: number, other: number | undefined) => boolean
}
