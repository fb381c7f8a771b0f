import type { SpoolEntry } from './spoolEntry.js'

/** What a line of a spool file says: a reading was taken into custody, or the numbers from … to are done. */
export type SpoolRecord = SpoolEntry | { readonly done: readonly (readonly [from: number, to: number])[] }
