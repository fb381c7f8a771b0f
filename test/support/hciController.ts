import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { asyncScheduler } from 'rxjs'

const require = createRequire(import.meta.url)

/** Return parameters (after the status) of the commands that have some, by opcode. */
const answers = new Map([
  [0x1001, '0900000900000000'],
  [0x1009, '665544332211'],
])

/** The scan commands of Bluetooth 4, and those of Bluetooth 5 (parameters, switch). */
const [legacy, extended] = [
  [0x200b, 0x200c],
  [0x2041, 0x2042],
] as const

/**
 * A Bluetooth adapter for the real noble: takes the place of its HCI socket class, below all of its code, and answers its
 * commands, and those to the kernel's management interface. It must be made before noble is first used.
 */
export function hciController() {
  const controller = {
    up: true,
    devices: [{ devId: 0, devUp: true }] as { devId: number; devUp: boolean; address?: string }[],
    /** A controller without a public address: it scans from a random one, once it has been given one. */
    randomOnly: false,
    randomAddress: '',
    /** A controller of Bluetooth 5 that refuses the one kind of scan commands once the other has been used. */
    bluetooth5: false,
    used: undefined as 'legacy' | 'extended' | undefined,
    /** Statuses that it answers commands with, by opcode. */
    refuses: new Map<number, number>(),
    /** Opcodes of all commands that came from the program. */
    commands: [] as number[],
    /** It hears scan responses, too, and passes each packet only once. */
    active: false,
    filtered: false,
    /** What the constructor, binding or each command fails with. */
    fails: {} as { open?: string; bind?: string; write?: string },
    answersCommands: true,
    /** It neither starts the scan nor answers when told to. */
    refusesScan: false,
    /** Status of the kernel's answer when it is to switch the adapter off or on; none: it does not answer. */
    power: 0 as number | undefined,
    /** The same for switching it on, where that is another one. */
    powerOn: undefined as number | undefined,
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
    /** Gives it a command (hex, `0b20 07 00…`) of another program, or of the kernel. */
    overhear: (command: string) => {
      const bytes = Buffer.from(`01${command.replaceAll(' ', '')}`, 'hex')
      hear(bytes.toString('hex'))
      obey(bytes)
    },
    /** Pulls an adapter out: the kernel says so at once. */
    unplug: (devId: number) => {
      controller.devices = controller.devices.filter((device) => device.devId !== devId)
      report('0500', devId)
    },
    /** Plugs an adapter in: the kernel gives it the first number that nobody holds any more. */
    plug: (address?: string) => {
      const held = [...controller.devices.map(({ devId }) => devId), ...sockets.values()]
      const devId = held.findIndex((_, number) => !held.includes(number))
      controller.devices.push({
        devId: devId < 0 ? held.length : devId,
        devUp: true,
        ...(address && { address }),
      })
      report('0400', devId < 0 ? held.length : devId)
    },
  }
  const sockets = new Map<EventEmitter, number | undefined>()
  const hear = (packet: string, devId?: number) =>
    controller.deliver(() => {
      for (const [socket, boundTo] of sockets) {
        if (boundTo !== undefined && (devId === undefined || devId === boundTo)) emit(socket, packet)
      }
    })

  const report = (event: string, devId: number) => {
    for (const [socket, boundTo] of sockets)
      if (boundTo === undefined) emit(socket, `${event}${le16(devId)}0000`)
  }
  /** Does what a command says, and answers it. */
  const obey = (command: Buffer) => {
    const opcode = command.readUInt16LE(1)
    const kind = legacy.some((each) => each === opcode)
      ? 'legacy'
      : extended.some((each) => each === opcode)
        ? 'extended'
        : undefined
    const ownAddress = opcode === 0x200b ? command[9] : opcode === 0x2041 ? command[4] : undefined
    const refusal =
      ((ownAddress === 0 && controller.randomOnly) || (ownAddress === 1 && !controller.randomAddress)
        ? 0x12
        : undefined) ??
      controller.refuses.get(opcode) ??
      (kind === 'extended' && !controller.bluetooth5 ? 0x01 : undefined) ??
      (kind && controller.bluetooth5 && kind !== (controller.used ?? kind) ? 0x0c : undefined)
    if (refusal === undefined) {
      if (kind) controller.used = kind
      if (opcode === 0x0c03) {
        controller.scanning = false
        controller.used = undefined
      }
      if (opcode === 0x2005) controller.randomAddress = command.toString('hex', 4)
      if (opcode === 0x200b) controller.active = command[4] === 1
      if (opcode === 0x2041) controller.active = command[7] === 1
      if (opcode === 0x200c || opcode === 0x2042) {
        controller.scanning = command[4] === 1
        controller.filtered = command[5] === 1
      }
    }
    const returned =
      opcode === 0x2003 && controller.bluetooth5
        ? '0010000000000000'
        : opcode === 0x1001 && !controller.bluetooth5
          ? '0600000600000000'
          : opcode === 0x1009 && controller.randomOnly
            ? '000000000000'
            : (answers.get(opcode) ?? '')
    const parameters = refusal === undefined ? returned : ''
    const length = (4 + parameters.length / 2).toString(16).padStart(2, '0')
    hear(`040e${length}01${le16(opcode)}${(refusal ?? 0).toString(16).padStart(2, '0')}${parameters}`)
    return refusal === undefined
  }

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
      controller.commands.push(opcode)
      const isOn = (opcode === 0x200c || opcode === 0x2042) && command[4] === 1
      if (isOn && controller.refusesScan) return
      if (opcode === 0x0c03) controller.resets.push(asyncScheduler.now())
      const scans = isOn && { at: asyncScheduler.now(), filtered: command[5] === 1 }
      if (scans && !controller.refuses.has(opcode)) controller.scans.push(scans)
      obey(command)
    }
    private manage(command: Buffer) {
      const opcode = command.readUInt16LE(0)
      const devId = command.readUInt16LE(2)
      const answer = (status: number, returned: string) => {
        const length = le16(3 + returned.length / 2)
        const code = status.toString(16).padStart(2, '0')
        emit(this, `0100${le16(devId)}${length}${le16(opcode)}${code}${returned}`)
      }
      if (opcode === 0x0004) {
        const { address = '66:55:44:33:22:11' } =
          controller.devices.find((device) => device.devId === devId) ?? {}
        answer(0, address.split(':').reverse().join(''))
        return
      }
      const on = command[6] === 1
      const status = on ? (controller.powerOn ?? controller.power) : controller.power
      if (status === undefined) return
      if (status === 0) {
        // As the kernel does before it switches off.
        if (controller.up) hear('010c20020000')
        controller.up = on
        controller.scanning = false
        controller.used = undefined
        controller.powered.push({ at: asyncScheduler.now(), on })
      }
      answer(status, '00000000')
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

const le16 = (word: number) => Buffer.of(word & 0xff, word >> 8).toString('hex')

const emit = (socket: EventEmitter, packet: string) =>
  socket.emit('data', Buffer.from(packet.replaceAll(' ', ''), 'hex'))

const failure = (code: string) => Object.assign(new Error(code), { code })
