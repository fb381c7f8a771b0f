import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * The Bluetooth sockets this process holds, as identity (`socket:[81234]`) → file descriptor. The kernel lists all of them
 * by inode in `/proc/self/net/hci`; empty where there is no such list.
 */
export function hciSockets(process = '/proc/self'): Map<string, number> {
  const sockets = new Map<string, number>()
  try {
    const [, ...rows] = readFileSync(`${process}/net/hci`, 'utf8').trim().split('\n')
    const identities = new Set(rows.map((row) => `socket:[${row.trim().split(/\s+/)[5] ?? ''}]`))
    for (const descriptor of readdirSync(`${process}/fd`)) {
      const identity = linkTarget(`${process}/fd/${descriptor}`)
      if (identities.has(identity)) sockets.set(identity, Number(descriptor))
    }
  } catch {
    // No /proc, no Bluetooth: no sockets.
  }
  return sockets
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // The descriptor that read the folder is closed by now.
    return ''
  }
}
