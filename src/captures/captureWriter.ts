import type { Advertisement } from '../bluetooth/advertisement.js'

/** Writes one kind of capture. */
export interface CaptureWriter {
  /** What the file begins with. */
  readonly header: Uint8Array
  /** An advertisement as it stands in the file; undefined for one that cannot. */
  readonly record: (advertisement: Advertisement) => Uint8Array | string | undefined
}
