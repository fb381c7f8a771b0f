import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'

/** How the packets of one brand are read, and what is known to go wrong with them. */
export interface Format {
  /** The brand, as people write it. */
  readonly brand: string
  /** Its models, as people read them. */
  readonly models?: string
  /** The UUIDs of its services, as `Advertisement` spells them: those of its data, and those that it lists. */
  readonly services?: readonly string[]
  /** The company ids its manufacturer records begin with. */
  readonly companies?: readonly number[]
  /** Local names of devices that have neither of these. */
  readonly names?: RegExp
  /** Where data of `services` say the model in another packet than the reading: records of these companies are lent that. */
  readonly lent?: {
    /** The ids that these records begin with. */
    readonly companies: readonly number[]
    /** What of the data says the model, and no reading: that would be an old one. */
    readonly model: (data: Uint8Array) => Uint8Array
  }
  /**
   * What a packet says; undefined when there is no reading of a known model in it. Never throws, whatever the bytes. A packet
   * that has none of the above is not handed to it.
   */
  readonly decode: (advertisement: Advertisement, key?: Uint8Array) => Measurement | undefined
  /** How its owner gets the key of a device: "read it from … with …". */
  readonly keyAdvice?: string
  /** Why a device has no reading in any packet that is `ignored`, and what its owner can do: "it … : switch on …". */
  readonly advice?: string
  /** Whether a packet in which there is no reading is of a device of the brand all the same. @default by `names` */
  readonly isOurs?: (advertisement: Advertisement) => boolean
  /** Whether a packet could hold a reading of the brand, though it may not be known how to read it. */
  readonly looksFamiliar?: (advertisement: Advertisement) => boolean
  /** A number that stands for a measurement where packets are to be compared; undefined where nothing is known to go wrong. */
  readonly sample?: (measurement: Measurement) => number | undefined
  /** Whether a sample is likely to be wrong, given the last one of its place and, of two probes, that of the other. */
  readonly isDoubtful?: (sample: number, last: number, other: number | undefined) => boolean
}
