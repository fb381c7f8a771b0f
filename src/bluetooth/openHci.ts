import { closeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { asyncScheduler, filter, fromEvent, map, Observable } from 'rxjs'
import { advertisingReports, type AdvertisingReport } from './advertisingReports.js'
import type { HciLayer } from './hciLayer.js'
import { hciSockets } from './hciSockets.js'
import { parseAdvertisement } from './parseAdvertisement.js'
import type { Scanner } from './scanner.js'
import { watchPower } from './watchPower.js'

const require = createRequire(import.meta.url)

/**
 * Opens the first Bluetooth adapter through noble's HCI layer (Linux, FreeBSD) and closes it on unsubscription.
 *
 * noble's upper layers are left out on purpose: they keep one record of several per packet, merge packets of a device, remember
 * every address for ever and end the process on SIGINT.
 */
export const openHci = (): Observable<Scanner> =>
  new Observable((subscriber) => {
    const Hci = require('@abandonware/noble/lib/hci-socket/hci.js') as new (options: object) => HciLayer
    const others = hciSockets()
    const hci = new Hci({})
    const own = [...hciSockets().keys()].filter((socket) => !others.has(socket))

    const letNobleRead = hci.onSocketData.bind(hci)
    hci.onSocketData = (packet) => {
      if (packet[0] === 0x04 && packet[1] === 0x3e) {
        for (const report of advertisingReports(packet)) hci.emit('report', report)
        return
      }
      try {
        letNobleRead(packet)
      } catch {
        // noble reads past the end of an event that is shorter than it should be; such an event says nothing.
      }
    }
    hci.pollIsDevUp = () =>
      subscriber.add(watchPower(hci).subscribe({ error: (error: unknown) => subscriber.error(error) }))
    hci._deviceId ??= preferredAdapter(hci)

    subscriber.add(() => {
      if (hci._state === 'poweredOn') hci.setScanEnabled(false, true)
      hci._socket.stop()
      // Who is still in the middle of a series of commands must not end the process with an `error` nobody hears.
      hci._socket.removeAllListeners().on('error', () => undefined)
      // The library never closes its socket, and an open one keeps the number of an adapter that was pulled out.
      const open = hciSockets()
      for (const socket of own) closeDescriptor(open.get(socket))
    })

    subscriber.next({
      state$: fromEvent(hci, 'stateChange').pipe(map(String)),
      disturbed$: fromEvent(
        hci,
        'leScanEnableSetCmd',
        (enabled: boolean, filtered: boolean) => !enabled || filtered,
      ).pipe(filter(Boolean)),
      advertisements$: (fromEvent(hci, 'report') as Observable<AdvertisingReport>).pipe(
        map((report) => ({ ...report, at: asyncScheduler.now(), ...parseAdvertisement(report.data) })),
      ),
      start: () => {
        hci.setScanEnabled(false, true)
        hci.setScanParameters()
        hci.setScanEnabled(true, false)
      },
    })
    if (!subscriber.closed) hci.init()
  })

/** The adapter with the lowest number among those that are up, or else among all; noble would take the newest. */
function preferredAdapter({ _socket }: HciLayer): number | undefined {
  const adapters = [...(_socket.getDeviceList?.() ?? [])].sort((a, b) => a.devId - b.devId)
  return (adapters.find(({ devUp }) => devUp) ?? adapters[0])?.devId
}

function closeDescriptor(descriptor: number | undefined) {
  if (descriptor !== undefined) closeSync(descriptor)
}
