import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  map,
  type MonoTypeOperatorFunction,
  Observable,
  of,
  tap,
  throwError,
  timeout,
} from 'rxjs'
import { filesIn, textOf } from '../kernelFiles.js'
import type { HciSocket } from './hciSocket.js'
import { answer, ask, openManagement, setPowered } from './management.js'

/**
 * Switches the adapter of this number off, emits that, switches it on again, and completes. It asks the kernel's management
 * interface, as `btmgmt power` does, so no such tool need be installed; CAP_NET_ADMIN is needed. Fails with the reason.
 */
export const powerCycle = (Socket: new () => HciSocket, adapter: number): Observable<'off'> => {
  const cycle$ = new Observable<'off'>((subscriber) => {
    const management = openManagement(Socket)
    let power: 'on' | 'going off' | 'off' = 'on'
    const off$ = defer(() => {
      power = 'going off'
      return ask(management, setPowered, adapter, [0])
    }).pipe(
      tap(({ status }) => (power = status === 0 ? 'off' : 'on')),
      accepted(),
      map(() => 'off' as const),
    )
    const on$ = defer(() => {
      power = 'on'
      return ask(management, setPowered, adapter, [1])
    }).pipe(accepted(), ignoreElements())
    subscriber.add(() => {
      // Who stops in between must not leave it off; and while the kernel switches it off it takes no other command.
      const wait$: Observable<unknown> =
        power === 'going off' ? answer(management, setPowered, adapter) : power === 'off' ? of('off') : EMPTY
      wait$
        .pipe(
          timeout({ each: linger, with: () => EMPTY }),
          tap(() => management.send(setPowered, adapter, [1])),
          // Nobody is there any more who could be told.
          catchError(() => EMPTY),
          finalize(() => management.close()),
        )
        .subscribe()
    })
    subscriber.add(concat(off$, on$).subscribe(subscriber))
  })
  return cycle$.pipe(
    timeout({ each: patience, with: () => throwError(() => new Error('it does not answer')) }),
  )
}

/** Fails with the reason where the kernel refuses. */
const accepted = (): MonoTypeOperatorFunction<{ readonly status: number }> =>
  tap(({ status }) => {
    if (status !== 0) throw new Error(refusal(status))
  })

/** The kernel itself waits 10 s for an adapter that hangs; and who stops may take 5 s, ms. */
const [patience, linger] = [15_000, 4_000]

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
