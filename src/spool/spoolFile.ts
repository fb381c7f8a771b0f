import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { basename, dirname } from 'node:path'
import { lastValueFrom, timer } from 'rxjs'
import { contentOf, readSpool, type SpoolContent, spoolHeader } from './readSpool.js'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

const linesAtATime = 1000

/** The file of a spool, never larger than `size` bytes as long as all its lines are not. One call at a time. */
export function spoolFile(path: string, size: number) {
  let lock: Server | undefined
  let handle: FileHandle | undefined
  // Up to here the file is whole: what a failed write left behind it is cut off before the next one.
  let length = 0

  // The new file takes the old one's place in one step: a power cut leaves one or the other.
  const rewrite = async (lines: readonly string[]) => {
    // What is left of an earlier try, or a link that somebody has put there, is not written into.
    await rm(`${path}.new`, { force: true })
    const fresh = await open(`${path}.new`, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, 0o600)
    try {
      await fresh.appendFile(spoolHeader)
      for (let line = 0; line < lines.length; line += linesAtATime)
        await fresh.appendFile(lines.slice(line, line + linesAtATime).join(''))
      await fresh.datasync()
      await rename(`${path}.new`, path)
    } catch (error) {
      await fresh.close()
      await rm(`${path}.new`, { force: true })
      throw error
    }
    await handle?.close()
    handle = fresh
    length = (await fresh.stat()).size
    await syncDirectory(dirname(path))
  }

  return {
    /** Reads what an earlier run left. Whether it can be written, the first write shows. */
    open: async (): Promise<SpoolContent> => {
      lock ??= await spoolLock(path)
      const bytes = await contentOf(path)
      const content = readSpool(bytes)
      // A new one and a damaged one are written as a whole.
      if (bytes.length >= spoolHeader.length && content.damaged === 0)
        handle = await open(path, O_WRONLY | O_APPEND | O_NOFOLLOW).catch(() => undefined)
      length = bytes.length
      return content
    },

    /** Writes the news to the disk, or all lines anew where there is no room for the news. */
    write: async (news: string, all: readonly string[]) => {
      const [end, text] = all.length > 0 ? [length, news] : [spoolHeader.length, '']
      const added = Buffer.byteLength(text)
      if (!handle || end + added > size) return rewrite(all)
      await handle.truncate(end)
      length = end
      await handle.appendFile(text)
      await handle.datasync()
      length += added
    },

    close: async () => {
      await handle?.close()
      lock?.close()
    },
  }
}

/** So that the new name is on the disk as well; there are file systems that cannot. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory)
    await handle.sync().finally(() => handle.close())
  } catch {
    return
  }
}

/**
 * Locks the file at `path` by a name that the kernel gives to one process at a time (an abstract socket, unix(7)) and takes back
 * when that ends, however it ends: nothing is left over, and the path may be of any length. Waits up to two seconds for its
 * predecessor, then fails. `close()` unlocks. Resolves to nothing where there are no such names, which is not on Linux.
 */
export async function spoolLock(path: string, attempts = 20): Promise<Server | undefined> {
  if (process.platform !== 'linux') return undefined
  // By whatever path or link it is named, the directory is one.
  const { dev, ino } = await stat(dirname(path))
  const name = createHash('sha256')
    .update(`${dev}:${ino}/${basename(path)}`)
    .digest('hex')
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      const server = createServer((socket) => socket.destroy()).unref()
      server.listen(`\0sensor-reporter:${name}`)
      await once(server, 'listening')
      return server
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
    await lastValueFrom(timer(100), { defaultValue: 0 })
  }
  throw new Error(
    `expected to be the only one, but another process uses ${path}; end it or name another file`,
  )
}
