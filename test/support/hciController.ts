import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { asyncScheduler } from 'rxjs'

const require = createRequire(import.meta.url)

/** Return parameters (after the status) of the commands that have some, by opcode. */
const answers = new Map([
  [0x1001, '0900000900000000'],
  [0x1009, '665544332211'],
  [0x0c6c, '0100'],
  [0x2002, 'fb0008'],
])

/**
 * A Bluetooth adapter for the real noble: takes the place of its HCI socket class, below all of its code, and answers its
 * commands. It must be made before noble is first used.
 */
export function hciController() {
  const controller = {
    up: true,
    devices: [{ devId: 0, devUp: true }],
    /** What the constructor, binding or each command fails with. */
    fails: {} as { open?: string; bind?: string; write?: string },
    answersCommands: true,
    /** How an event reaches the program: at once, or as a real one does. */
    deliver: (event: () => void) => event(),
    /** When the scan was switched on, by the clock of RxJS, and whether duplicates were filtered. */
    scans: [] as { at: number; filtered: boolean }[],
    scanning: false,
    openSockets: 0,
    boundTo: undefined as number | undefined,
    /** Sends an H4 packet (hex) to everybody who has the adapter open. */
    send: (packet: string) => hear(packet),
  }
  const sockets = new Set<EventEmitter>()
  const hear = (packet: string) =>
    controller.deliver(() => {
      for (const socket of sockets) socket.emit('data', Buffer.from(packet.replaceAll(' ', ''), 'hex'))
    })

  class Socket extends EventEmitter {
    constructor() {
      super()
      if (controller.fails.open) throw failure(controller.fails.open)
    }
    bindRaw(devId: number | undefined) {
      if (controller.fails.bind) throw failure(controller.fails.bind)
      controller.boundTo = devId
    }
    start() {
      sockets.add(this)
      controller.openSockets = sockets.size
    }
    stop() {
      sockets.delete(this)
      controller.openSockets = sockets.size
    }
    setFilter() {
      return undefined
    }
    isDevUp() {
      return controller.up
    }
    getDeviceList() {
      return controller.devices
    }
    write(command: Buffer) {
      if (controller.fails.write) return this.emit('error', failure(controller.fails.write))
      if (!controller.up || !controller.answersCommands) return
      const opcode = command.readUInt16LE(1)
      if (opcode === 0x200c) {
        controller.scanning = command[4] === 1
        if (controller.scanning) {
          controller.scans.push({ at: asyncScheduler.now(), filtered: command[5] === 1 })
        }
      }
      const parameters = answers.get(opcode) ?? ''
      const length = (4 + parameters.length / 2).toString(16).padStart(2, '0')
      hear(`040e${length}01${command.toString('hex', 1, 3)}00${parameters}`)
    }
  }

  const name = require.resolve('@abandonware/bluetooth-hci-socket', {
    paths: [dirname(require.resolve('@abandonware/noble'))],
  })
  require.cache[name] = { exports: Socket } as unknown as NodeJS.Module
  for (const loaded of Object.keys(require.cache)) {
    if (loaded.includes('@abandonware/noble')) Reflect.deleteProperty(require.cache, loaded)
  }
  return controller
}

const failure = (code: string) => Object.assign(new Error(code), { code })
