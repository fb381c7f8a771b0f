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
 * commands, and those to the kernel's management interface. It must be made before noble is first used.
 */
export function hciController() {
  const controller = {
    up: true,
    devices: [{ devId: 0, devUp: true }],
    /** What the constructor, binding or each command fails with. */
    fails: {} as { open?: string; bind?: string; write?: string },
    answersCommands: true,
    /** It neither starts the scan nor answers when told to. */
    refusesScan: false,
    /** Status of the kernel's answer when it is to switch the adapter off or on; none: it does not answer. */
    power: 0 as number | undefined,
    /** How an event reaches the program: at once, or as a real one does. */
    deliver: (event: () => void) => event(),
    /** When the scan was switched on, by the clock of RxJS, and whether duplicates were filtered. */
    scans: [] as { at: number; filtered: boolean }[],
    /** When the adapter was switched off or on by way of the kernel. */
    powered: [] as { at: number; on: boolean }[],
    /** When the controller was told to reset. */
    resets: [] as number[],
    scanning: false,
    openSockets: 0,
    boundTo: undefined as number | undefined,
    onBind: () => undefined as unknown,
    /** Sends an H4 packet (hex) to everybody who has the adapter open; to one adapter's only when it is given. */
    send: (packet: string, devId?: number) => hear(packet, devId),
    /** Sends what was heard on the air, which the controller only does while it scans. */
    advertise: (packet: string) => {
      if (controller.up && controller.scanning) hear(packet)
    },
  }
  const sockets = new Map<EventEmitter, number | undefined>()
  const hear = (packet: string, devId?: number) =>
    controller.deliver(() => {
      for (const [socket, boundTo] of sockets) {
        if (boundTo !== undefined && (devId === undefined || devId === boundTo)) emit(socket, packet)
      }
    })

  class Socket extends EventEmitter {
    private devId: number | undefined
    constructor() {
      super()
      if (controller.fails.open) throw failure(controller.fails.open)
    }
    bindRaw(devId = 0) {
      const known = controller.devices.some((device) => device.devId === devId)
      const fault = controller.fails.bind ?? (known ? undefined : 'ENODEV')
      if (fault) throw failure(fault)
      controller.boundTo = this.devId = devId
      controller.onBind()
    }
    bindControl() {
      return undefined
    }
    start() {
      sockets.set(this, this.devId)
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
      return controller.up && this.isPlugged()
    }
    private isPlugged() {
      return controller.devices.some(({ devId }) => devId === this.devId)
    }
    getDeviceList() {
      return controller.devices
    }
    write(command: Buffer) {
      if (this.devId === undefined) {
        this.manage(command)
        return
      }
      if (controller.fails.write) {
        this.emit('error', failure(controller.fails.write))
        return
      }
      if (!this.isDevUp() || !controller.answersCommands) return
      const opcode = command.readUInt16LE(1)
      if (opcode === 0x0c03) {
        controller.resets.push(asyncScheduler.now())
        controller.scanning = false
      }
      if (opcode === 0x200c) {
        const on = command[4] === 1
        if (on && controller.refusesScan) return
        controller.scanning = on
        if (on) controller.scans.push({ at: asyncScheduler.now(), filtered: command[5] === 1 })
      }
      const parameters = answers.get(opcode) ?? ''
      const length = (4 + parameters.length / 2).toString(16).padStart(2, '0')
      hear(`040e${length}01${command.toString('hex', 1, 3)}00${parameters}`)
    }
    private manage(command: Buffer) {
      if (controller.power === undefined) return
      if (controller.power === 0) {
        // As the kernel does before it switches off.
        if (controller.up) hear('010c20020000')
        controller.up = command[6] === 1
        controller.scanning = false
        controller.powered.push({ at: asyncScheduler.now(), on: controller.up })
      }
      const status = controller.power.toString(16).padStart(2, '0')
      emit(this, `0100${command.toString('hex', 2, 4)}07000500${status}00000000`)
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

const emit = (socket: EventEmitter, packet: string) =>
  socket.emit('data', Buffer.from(packet.replaceAll(' ', ''), 'hex'))

const failure = (code: string) => Object.assign(new Error(code), { code })
