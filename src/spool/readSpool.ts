import { createReadStream } from 'node:fs'
import { lstat } from 'node:fs/promises'
import type { SpoolEntry } from '../delivery/spool.js'

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

let table: Uint32Array | undefined

// Not made before it is needed: it is the one loop so hot that V8 would optimize it during every start, for 4 MiB of memory.
const remainders = () =>
  (table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++)
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
    return remainder
  }))

/** CRC-32 in eight hex digits, as zip and Ethernet compute it; Node's own came only with 20.15. */
export function checksum(bytes: Uint8Array): string {
  const known = remainders()
  let crc = -1
  for (const byte of bytes) crc = (crc >>> 8) ^ (known[(crc ^ byte) & 0xff] ?? 0)
  return (~crc >>> 0).toString(16).padStart(8, '0')
}

/** The first line of a spool file: whose it is, and the version of its format. */
export const spoolHeader = Buffer.from('sensor-reporter spool 1\n')

/** What a line of a spool file says: a reading was taken into custody, or the numbers from … to are done. */
export type SpoolRecord = SpoolEntry | { readonly done: readonly (readonly [from: number, to: number])[] }

/** The bytes of a spool file, none if there is no file; of another file just enough to see that. */
export async function contentOf(path: string): Promise<Buffer> {
  try {
    const entry = await lstat(path)
    if (entry.isSymbolicLink()) throw new Error('expected a file, got a symbolic link; name the file itself')
    if (!entry.isFile()) throw new Error('expected a file, got something else; name another one')
    const chunks: Buffer[] = []
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      if (chunks[0] && !chunks[0].subarray(0, spoolHeader.length).equals(spoolHeader)) break
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** Numbers in any order as ranges: `ranges([3, 1, 2, 7])` is `[[1, 3], [7, 7]]`. */
export function ranges(numbers: readonly number[]): [from: number, to: number][] {
  const found: [number, number][] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = found.at(-1)
    if (last && number <= last[1] + 1) last[1] = number
    else found.push([number, number])
  }
  return found
}

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
