import type { EventEmitter } from 'node:events'
import { closeSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The parts used of the socket class of `@abandonware/bluetooth-hci-socket`; its events are `data` and `error`. */
export interface HciSocket extends EventEmitter {
  isDevUp(): boolean
  start(): void
  stop(): void
  /** Binds to an adapter, beside others that use it. */
  bindRaw(adapter: number): void
  /** Which packets are wanted: `struct hci_filter` of the kernel. */
  setFilter(filter: Uint8Array): void
  /** Binds to the kernel's management interface instead of an adapter. */
  bindControl(): void
  write(packet: Uint8Array): void
  getDeviceList?(): readonly { readonly devId: number; readonly devUp: boolean }[]
}

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

/**
 * Runs what opens Bluetooth sockets, and returns what it made together with what closes them: the library never does,
 * and an open one keeps the number of an adapter that was pulled out.
 */
export function ownSockets<T>(open: () => T): readonly [made: T, close: () => void] {
  const others = hciSockets()
  const made = open()
  const own = [...hciSockets().keys()].filter((socket) => !others.has(socket))
  const close = () => {
    const descriptors = hciSockets()
    for (const socket of own) {
      const descriptor = descriptors.get(socket)
      if (descriptor !== undefined) closeSync(descriptor)
    }
  }
  return [made, close]
}
