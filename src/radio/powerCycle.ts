import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat, defer, EMPTY, mergeMap, Observable, of, throwError, timeout } from 'rxjs'
import { filesIn, textOf } from '../kernelFiles.js'
import type { HciSocket } from './hciSocket.js'
import { ask, openManagement, setPowered } from './management.js'

/**
 * Switches the adapter of this number off, emits that, switches it on again, and completes. It asks the kernel's management
 * interface, as `btmgmt power` does, so no such tool need be installed; CAP_NET_ADMIN is needed. Fails with the reason.
 */
export const powerCycle = (Socket: new () => HciSocket, adapter: number): Observable<'off'> => {
  const cycle$ = new Observable<'off'>((subscriber) => {
    const management = openManagement(Socket)
    let isOn = true
    const power = (on: boolean): Observable<'off'> =>
      defer(() => {
        isOn = on
        return ask(management, setPowered, adapter, [on ? 1 : 0])
      }).pipe(
        mergeMap(({ status }) => {
          if (status !== 0) return throwError(() => new Error(refusal(status)))
          return on ? EMPTY : concat(of('off' as const), power(true))
        }),
      )
    subscriber.add(() => {
      // Who stops in between must not leave it off.
      if (!isOn) management.send(setPowered, adapter, [1])
      management.close()
    })
    subscriber.add(power(false).subscribe(subscriber))
  })
  return cycle$.pipe(
    timeout({ each: patience, with: () => throwError(() => new Error('it does not answer')) }),
  )
}

/** The kernel itself waits 10 s for an adapter that hangs. */
const patience = 15_000

const refusal = (status: number) => refusals.get(status) ?? `the kernel says ${status}`

const hangs = 'it does not answer, so unplug it and plug it in again, or reboot'

/** By status of the answer (BlueZ, doc/mgmt-api.txt, and `mgmt_errno_status` of Linux, by which 5 is a time-out). */
const refusals = new Map([
  [0x01, 'the kernel does not know how'],
  [0x03, 'it failed, so unplug it and plug it in again, or reboot'],
  [0x05, hangs],
  [0x07, 'the kernel lacks memory'],
  [0x08, hangs],
  [0x0a, 'it is busy: another program is switching it just now'],
  [0x0b, 'it refuses'],
  [0x0c, 'it does not support that'],
  [0x0d, 'the kernel takes the request for wrong'],
  [0x0f, 'it is off'],
  [0x10, 'another program has cancelled that'],
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
