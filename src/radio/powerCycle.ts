import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Observable, throwError, timeout } from 'rxjs'
import { filesIn, textOf } from '../kernelFiles.js'
import { type HciSocket, ownSockets } from './hciSocket.js'

/**
 * Switches the adapter of this number off and on, then completes. It asks the kernel's management interface, as
 * `btmgmt power` does, so no such tool need be installed; CAP_NET_ADMIN is needed. Fails with the reason.
 */
export const powerCycle = (Socket: new () => HciSocket, adapter: number): Observable<never> =>
  new Observable<never>((subscriber) => {
    const [socket, close] = ownSockets(() => new Socket())
    let isOn = true
    const power = (on: boolean) => {
      isOn = on
      const command = Buffer.from([0, 0, 0, 0, 1, 0, on ? 1 : 0])
      command.writeUInt16LE(setPowered, 0)
      command.writeUInt16LE(adapter, 2)
      socket.write(command)
    }
    subscriber.add(() => {
      socket.stop()
      socket.removeAllListeners().on('error', () => undefined)
      // Who stops in between must not leave it off.
      if (!isOn) power(true)
      close()
    })
    socket.on('error', (error: unknown) => subscriber.error(error))
    socket.on('data', (packet: Buffer) => {
      const isAnswer = packet.length >= 9 && answers.includes(packet.readUInt16LE(0))
      if (!isAnswer || packet.readUInt16LE(2) !== adapter || packet.readUInt16LE(6) !== setPowered) return
      const status = packet.readUInt8(8)
      if (status !== 0) subscriber.error(new Error(refusals.get(status) ?? `the kernel says ${status}`))
      else if (isOn) subscriber.complete()
      else power(true)
    })
    socket.bindControl()
    socket.start()
    power(false)
  }).pipe(timeout({ first: patience, with: () => throwError(() => new Error('it does not answer')) }))

/** The kernel itself waits 10 s for an adapter that hangs. */
const patience = 15_000

/** Numbers of BlueZ's doc/mgmt-api.txt. */
const setPowered = 0x0005

const answers = [0x0001, 0x0002]

/** By status of the answer: those that somebody can do something about. */
const refusals = new Map([
  [0x11, 'it has gone: plug it in again'],
  [0x12, 'rfkill blocks it: sudo rfkill unblock bluetooth'],
  [0x14, 'that needs CAP_NET_ADMIN: add it to AmbientCapabilities in the systemd unit'],
])

/**
 * Does what `rfkill unblock bluetooth` does, where Bluetooth is blocked. Throws an Error that says what to do by hand
 * where that is not possible.
 */
export function unblockBluetooth(states = '/sys/class/rfkill', device = '/dev/rfkill'): void {
  const radios = filesIn(states).map((name) => join(states, name))
  const bluetooth = radios.filter((radio) => textOf(join(radio, 'type')) === 'bluetooth')
  if (bluetooth.some((radio) => textOf(join(radio, 'hard')) === '1')) {
    throw new Error('a switch or key of this machine blocks Bluetooth: press it')
  }
  if (bluetooth.every((radio) => textOf(join(radio, 'soft')) !== '1')) return
  try {
    writeFileSync(device, unblockAll, { flag: 'r+' })
  } catch (cause) {
    const advice = 'Bluetooth is blocked, and this program may not unblock it: sudo rfkill unblock bluetooth'
    throw new Error(advice, { cause })
  }
}

/** `struct rfkill_event` (linux/rfkill.h): no index, type Bluetooth (2), change all (3), neither soft nor hard. */
const unblockAll = Buffer.from([0, 0, 0, 0, 2, 3, 0, 0])
