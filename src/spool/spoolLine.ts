import { checksum } from './checksum.js'
import type { SpoolRecord } from './spoolRecord.js'

/**
 * A record as a line of the spool file: its checksum and its JSON. In lines, a damaged record does not take along
 * those behind it, and people can read the file.
 *
 * @example spoolLine({ done: [[1, 3]] }) // 'a032cf8e {"done":[[1,3]]}\n'
 */
export function spoolLine(record: SpoolRecord): string {
  const json = JSON.stringify(record)
  return `${checksum(Buffer.from(json))} ${json}\n`
}
