import type { Reading } from '../model.js'
import type { Spool } from '../spool/spool.js'
import type { Lane } from './lane.js'

/** A reading that waits or is on its way, and what was promised of it. */
export interface Parcel {
  reading: Reading
  /** It is sent unless as many newer ones of its destination wait. */
  readonly keep: number
  /** It was asked for as part of a series (`last N`, `all`), not as the latest state. */
  readonly series: boolean
  /** Where it survives a restart. */
  custody?: { readonly spool: Spool; readonly sequence: number }
  /** Where it waits; absent while it does not. */
  lane?: Lane<Parcel> | undefined
  /** The one of its destination that came next. */
  next?: Parcel | undefined
  /** Grows with every one that begins to wait. */
  age: number
}
