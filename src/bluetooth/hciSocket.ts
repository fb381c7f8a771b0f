import type { EventEmitter } from 'node:events'

/** The parts used of the socket class of `@abandonware/bluetooth-hci-socket`; its events are `data` and `error`. */
export interface HciSocket extends EventEmitter {
  isDevUp(): boolean
  start(): void
  stop(): void
  /** Binds to the kernel's management interface instead of an adapter. */
  bindControl(): void
  write(packet: Uint8Array): void
  getDeviceList?(): readonly { readonly devId: number; readonly devUp: boolean }[]
}
