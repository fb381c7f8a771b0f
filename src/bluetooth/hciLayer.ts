import type { EventEmitter } from 'node:events'
import type { HciSocket } from './hciSocket.js'

/** The parts used of noble's `lib/hci-socket/hci.js` (1.9.2-26). */
export interface HciLayer extends EventEmitter {
  readonly _socket: HciSocket
  _state: string | null
  _deviceId: number | undefined
  init(): void
  pollIsDevUp(): void
  onSocketData(packet: Uint8Array): void
  reset(): void
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
