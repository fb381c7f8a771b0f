import { once } from 'node:events'
import { lstat, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { lastValueFrom, timer } from 'rxjs'

// A longer path would be cut off without a word.
const longestPath = 107

/**
 * Locks `path` with a socket in the file system: the kernel closes it when the process ends, however that ends, so a lock
 * left over is known as such. Waits up to two seconds for its predecessor, then fails. Resolves to nothing where sockets
 * cannot be made. `close()` unlocks.
 */
export async function socketLock(path: string): Promise<Server | undefined> {
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
