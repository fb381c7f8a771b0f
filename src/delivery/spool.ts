import type { Reading } from '../model.js'

/** Readings that must survive a restart. What is asked of it is done in memory at once, and on the disk soon after. */
export interface Spool {
  /** What an earlier run left undelivered, oldest first, each reading with `at` set. */
  readonly entries: readonly SpoolEntry[]
  /**
   * Takes a reading into custody, with the time if it has none; returns its sequence number, higher each time. One that
   * takes more than half of the spool does not outlive this run.
   */
  append(reading: Reading): number
  /** It was delivered or given up: it must not come again. */
  done(sequence: number): void
}

/** A reading in custody: its number orders it among all that the spool was ever given. */
export interface SpoolEntry {
  /** Higher than that of all before it. */
  readonly sequence: number
  /** What is in custody. */
  readonly reading: Reading
}
