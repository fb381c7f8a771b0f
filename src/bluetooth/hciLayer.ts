import type { EventEmitter } from 'node:events'

/** The parts used of noble's `lib/hci-socket/hci.js` (1.9.2-26), and of the socket below it. */
export interface HciLayer extends EventEmitter {
  readonly _socket: EventEmitter & {
    isDevUp(): boolean
    stop(): void
    getDeviceList?(): readonly { readonly devId: number; readonly devUp: boolean }[]
  }
  _state: string | null
  _deviceId: number | undefined
  init(): void
  pollIsDevUp(): void
  onSocketData(packet: Uint8Array): void
  setSocketFilter(): void
  setEventMask(): void
  setLeEventMask(): void
  readLocalVersion(): void
  writeLeHostSupported(): void
  readLeHostSupported(): void
  readLeBufferSize(): void
  readBdAddr(): void
  setScanParameters(): void
  setScanEnabled(enabled: boolean, filterDuplicates: boolean): void
}
