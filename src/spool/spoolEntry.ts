import type { Reading } from '../model.js'

/** A reading in custody: its number orders it among all that the spool was ever given. */
export interface SpoolEntry {
  readonly sequence: number
  readonly reading: Reading
}
