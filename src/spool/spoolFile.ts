import { once } from 'node:events'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { dirname } from 'node:path'
import { lastValueFrom, timer } from 'rxjs'
import { contentOf, readSpool, type SpoolContent, spoolHeader } from './readSpool.js'

const { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } = constants

const linesAtATime = 1000

/** The file of a spool, never larger than `size` bytes as long as all its lines are not. One call at a time. */
export function spoolFile(path: string, size: number) {
  let lock: Server | undefined
  let handle: FileHandle | undefined
  // Up to here the file is whole: what a failed write left behind it is cut off before the next one.
  let length = 0

  // The new file takes the old one's place in one step: a power cut leaves one or the other.
  const rewrite = async (lines: readonly string[]) => {
    const fresh = await open(`${path}.new`, O_WRONLY | O_APPEND | O_CREAT | O_TRUNC, 0o600)
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
      lock ??= await socketLock(`${path}.lock`)
      const bytes = await contentOf(path)
      const content = readSpool(bytes)
      // A new one and a damaged one are written as a whole.
      if (bytes.length >= spoolHeader.length && content.damaged === 0)
        handle = await open(path, O_WRONLY | O_APPEND).catch(() => undefined)
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

// A longer path would be cut off without a word.
const longestPath = 107

/**
 * Locks `path` with a socket in the file system: the kernel closes it when the process ends, however that ends, so a lock
 * left over is known as such. Waits up to two seconds for its predecessor, then fails. Resolves to nothing where sockets
 * cannot be made. `close()` unlocks.
 */
async function socketLock(path: string): Promise<Server | undefined> {
  if (Buffer.byteLength(path) > longestPath) return undefined
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      return await listen(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return undefined
    }
    if (await isLeftOver(path)) await rm(path, { force: true })
    else await lastValueFrom(timer(100), { defaultValue: 0 })
  }
  throw new Error(
    `expected to be the only one, but another process holds ${path}; end it or name another file`,
  )
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).unref()
  server.listen(path)
  await once(server, 'listening')
  return server
}

async function isLeftOver(path: string): Promise<boolean> {
  try {
    if (!(await lstat(path)).isSocket()) return false
    const socket = connect(path)
    await once(socket, 'connect')
    socket.destroy()
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'
  }
}
