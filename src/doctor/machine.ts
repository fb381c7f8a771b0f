import { createRequire } from 'node:module'
import { type HciSocket, ownSockets } from '../radio/hciSocket.js'

/** What the doctor looks at of the machine it runs on; all of it can be given in its place. */
export interface Machine {
  readonly nodeVersion: string
  readonly platform: NodeJS.Platform
  /** Folder that holds `proc` and `sys`. */
  readonly root: string
  /** Loads the Bluetooth library and throws, with a code, where that cannot be done. */
  readonly loadBluetooth: () => BluetoothLibrary
}

export interface BluetoothLibrary {
  readonly version: string
  /** The adapters the kernel knows; throws, with a code, where it has no Bluetooth. */
  readonly adapters: () => readonly { readonly devId: number; readonly devUp: boolean }[]
}

/** The machine the program runs on. */
export const thisMachine: Machine = {
  nodeVersion: process.versions.node,
  platform: process.platform,
  root: '/',
  loadBluetooth: (): BluetoothLibrary => {
    const { version } = require('@abandonware/noble/package.json') as { version: string }
    const below = createRequire(require.resolve('@abandonware/noble'))
    const Socket = hasHci ? (below('@abandonware/bluetooth-hci-socket') as new () => HciSocket) : undefined
    const adapters = () => {
      if (!Socket) return []
      const [socket, close] = ownSockets(() => new Socket())
      try {
        return socket.getDeviceList?.() ?? []
      } finally {
        close()
      }
    }
    return { version, adapters }
  },
}

const require = createRequire(import.meta.url)

const hasHci = process.platform === 'linux' || process.platform === 'freebsd'
