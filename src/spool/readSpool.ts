import { checksum } from './checksum.js'
import type { SpoolEntry } from './spoolEntry.js'
import { spoolHeader } from './spoolHeader.js'
import type { SpoolRecord } from './spoolRecord.js'

/** What is in a spool file. */
export interface SpoolContent {
  /** What is not done, oldest first. */
  readonly entries: readonly SpoolEntry[]
  /** Bytes that belong to no whole record: the last write was cut off by a power cut, or the disk is failing. */
  readonly damaged: number
}

const newline = 10

/**
 * Reads a spool file; a damaged record is left out, the whole ones before and behind it count. Throws when the file is
 * none of ours, for then it must not be written to.
 */
export function readSpool(bytes: Buffer): SpoolContent {
  const start = bytes.subarray(0, spoolHeader.length)
  if (!spoolHeader.subarray(0, start.length).equals(start))
    throw new Error(
      'expected a spool of this version of sensor-reporter, got another file; move it away or name another one',
    )
  const live = new Map<number, SpoolEntry>()
  let damaged = start.length < spoolHeader.length ? start.length : 0
  for (let from = start.length, end: number; from < bytes.length; from = end) {
    end = bytes.indexOf(newline, from) + 1 || bytes.length
    const record = parseLine(bytes.subarray(from, end))
    if (!record) damaged += end - from
    else if ('reading' in record) live.set(record.sequence, record)
    else
      for (const [first, last] of record.done) for (let done = first; done <= last; done++) live.delete(done)
  }
  return { entries: [...live.values()], damaged }
}

function parseLine(line: Buffer): SpoolRecord | undefined {
  const json = line.subarray(9, -1)
  const isWhole = line.at(-1) === newline && line.toString('latin1', 0, 9) === `${checksum(json)} `
  return isWhole ? (JSON.parse(json.toString()) as SpoolRecord) : undefined
}
