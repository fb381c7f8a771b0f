import type { Reading } from '../model.js'

/** A reading in custody: its number orders it among all that the spool was ever given. */
export interface SpoolEntry {
  /** Higher than that of all before it. */
  readonly sequence: number
  /** What is in custody. */
  readonly reading: Reading
}
