import { constants } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Server } from 'node:net'
import { dirname } from 'node:path'
import { contentOf } from './contentOf.js'
import { readSpool, type SpoolContent } from './readSpool.js'
import { socketLock } from './socketLock.js'
import { spoolHeader } from './spoolHeader.js'

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
