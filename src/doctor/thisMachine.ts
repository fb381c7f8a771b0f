import { createRequire } from 'node:module'
import type { HciSocket } from '../bluetooth/hciSocket.js'
import { ownSockets } from '../bluetooth/ownSockets.js'
import type { BluetoothLibrary, Machine } from './machine.js'

const require = createRequire(import.meta.url)
const hasHci = process.platform === 'linux' || process.platform === 'freebsd'

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
