import { constants, type Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hangs, inTurn } from './threads.js'

/** What a small file holds, and what others may do with it. */
export interface SmallFile {
  readonly bytes: Buffer
  /** When it was changed last, milliseconds since the epoch. */
  readonly changed: number
  /** Everybody on the machine can read it. */
  readonly readableByOthers: boolean
  /** Everybody on the machine can change it. */
  readonly writableByOthers: boolean
}

/**
 * Reads a small file that somebody has named, who may have named anything: a FIFO, a device and a folder are refused, it may
 * have at most `most` bytes, and it is given up after five seconds. Rejects with an error of the system, or one in words.
 */
export const readSmallFile = (path: string, most = 2 ** 20): Promise<SmallFile> =>
  timely(path, () => readPlain(path, most))

async function readPlain(path: string, most: number): Promise<SmallFile> {
  // Opening a device may already do something, so it is not even opened; what takes the place of a file after this look is not waited for.
  refuseOthers(await stat(path))
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { mode, mtimeMs } = refuseOthers(await file.stat())
    const chunks: Buffer[] = []
    // The size is no help: files of the kernel have none, and may be endless.
    for (let length = 0; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, null)
      if (bytesRead === 0) break
      chunks.push(buffer.subarray(0, bytesRead))
      if ((length += bytesRead) > most) throw new Error(`it has more than ${most / 1024} KiB`)
    }
    return {
      bytes: Buffer.concat(chunks),
      changed: mtimeMs,
      readableByOthers: (mode & 0o004) !== 0,
      writableByOthers: (mode & 0o002) !== 0,
    }
  } finally {
    await file.close()
  }
}

function refuseOthers(stats: Stats): Stats {
  if (stats.isDirectory()) throw new Error('it is a folder')
  if (!stats.isFile()) throw new Error('it is not a regular file')
  return stats
}

/**
 * Does something with a file that may be on a network share which does not answer: it is given up after five seconds, and then
 * nothing in the same folder is tried as long as the first attempt has not come back.
 */
export const timely = <T>(path: string, attempt: () => Promise<T>): Promise<T> =>
  inTurn(dirname(path), attempt, 5000, silence)

/** Why nothing is tried with a file: its folder has not answered, and has not come back since. */
export const silenceOf = (path: string): string | undefined => (hangs(dirname(path)) ? silence : undefined)

const silence = 'it does not answer: is it on a network share that is gone?'

/** What everybody on the machine can do with a file and should not be able to, with what mends it; `undefined` when that is nothing. */
export function exposure(
  { readableByOthers, writableByOthers }: SmallFile,
  mayRead: boolean,
): string | undefined {
  const reads = readableByOthers && !mayRead
  if (!reads && !writableByOthers) return undefined
  const verbs = [...(reads ? ['read'] : []), ...(writableByOthers ? ['change'] : [])].join(' and ')
  return `everybody on this machine can ${verbs} it: chmod o-${reads ? 'r' : ''}${writableByOthers ? 'w' : ''}`
}
