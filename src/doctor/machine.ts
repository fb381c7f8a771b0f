import { createRequire } from 'node:module'
import { filter, fromEvent, map, Observable, of, take, timeout } from 'rxjs'
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
  /** Asks the controller of an adapter for its version; whether it has answered within some seconds. */
  readonly answers: (devId: number) => Observable<boolean>
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
    return { version, adapters, answers: (devId) => (Socket ? answers(Socket, devId) : of(true)) }
  },
}

const require = createRequire(import.meta.url)

const hasHci = process.platform === 'linux' || process.platform === 'freebsd'

/** Any process may ask this of an adapter; it disturbs nobody. */
const answers = (Socket: new () => HciSocket, devId: number): Observable<boolean> =>
  new Observable<boolean>((subscriber) => {
    const [socket, close] = ownSockets(() => new Socket())
    subscriber.add(() => {
      socket.stop()
      socket.removeAllListeners().on('error', () => undefined)
      close()
    })
    const answer$ = (fromEvent(socket, 'data') as Observable<Buffer>).pipe(
      filter((packet) => packet.subarray(4, 6).equals(readLocalVersion)),
      map((packet) => packet[6] === 0),
      take(1),
      timeout({ first: patience, with: () => of(false) }),
    )
    subscriber.add(answer$.subscribe(subscriber))
    socket.on('error', () => subscriber.next(false))
    socket.bindRaw(devId)
    socket.setFilter(onlyAnswers)
    socket.start()
    socket.write(Buffer.from([0x01, ...readLocalVersion, 0]))
  })

/** The kernel itself waits 2 s for an answer. */
const patience = 3000

/** The command, as it travels (Core Specification, Vol 4, Part E, 7.4.1). */
const readLocalVersion = Buffer.from([0x01, 0x10])

/** `struct hci_filter`: of all packets the events, of all events the one that a command is complete. */
const onlyAnswers = Buffer.from([0x10, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
