import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import {
  asyncScheduler,
  concatMap,
  defer,
  distinctUntilChanged,
  filter,
  finalize,
  fromEvent,
  ignoreElements,
  map,
  Observable,
  skip,
  Subject,
  switchMap,
  take,
  tap,
  timer,
} from 'rxjs'
import { type Advertisement, parseAdvertisement } from './advertisement.js'
import { type AdvertisingReport, advertisingReports } from './advertisingReports.js'
import { type HciSocket, ownSockets } from './hciSocket.js'
import { powerCycle, unblockBluetooth } from './powerCycle.js'

/**
 * Opens a Bluetooth adapter (`hci1`; without a name the first one) through noble's HCI layer (Linux, FreeBSD) and closes it
 * on unsubscription.
 *
 * noble's upper layers are left out on purpose: they keep one record of several per packet, merge packets of a device, remember
 * every address for ever and end the process on SIGINT.
 */
export const openHci = (adapter?: string): Observable<Scanner> =>
  new Observable((subscriber) => {
    const Hci = createRequire(import.meta.url)('@abandonware/noble/lib/hci-socket/hci.js') as new (
      options: object,
    ) => HciLayer
    const [hci, closeSocket] = ownSockets(() => new Hci({}))
    hci._deviceId =
      adapter === undefined ? (hci._deviceId ?? preferredAdapter(hci)) : Number(adapter.replace(/^hci/, ''))

    const letNobleRead = hci.onSocketData.bind(hci)
    hci.onSocketData = (packet) => {
      if (packet[0] === 0x04 && packet[1] === 0x3e) {
        for (const report of advertisingReports(packet)) hci.emit('report', report)
        return
      }
      // Data of other programs' connections: noble would keep the pieces until the rest comes.
      if (packet[0] === 0x02) return
      try {
        letNobleRead(packet)
      } catch {
        // noble reads past the end of an event that is shorter than it should be; such an event says nothing.
      }
    }
    hci.pollIsDevUp = () =>
      subscriber.add(watchPower(hci).subscribe({ error: (error: unknown) => subscriber.error(error) }))

    subscriber.add(() => {
      if (hci._state === 'poweredOn') hci.setScanEnabled(false, true)
      hci._socket.stop()
      // Who is still in the middle of a series of commands must not end the process with an `error` nobody hears.
      hci._socket.removeAllListeners().on('error', () => undefined)
      closeSocket()
    })

    const asked$ = new Subject<void>()
    let cycling = false
    subscriber.next({
      state$: fromEvent(hci, 'stateChange').pipe(map(String)),
      advertisements$: (fromEvent(hci, 'report') as Observable<AdvertisingReport>).pipe(
        // Spreads would cost five times as much as all the parsing.
        map((report) => Object.assign(parseAdvertisement(report.data), report, { at: asyncScheduler.now() })),
      ),
      started$: asked$.pipe(
        // The first answer is to switching it off.
        switchMap(() => fromEvent(hci, 'leScanEnableSet').pipe(skip(1), take(1))),
        filter((status) => status === 0),
      ),
      disturbed$: fromEvent(
        hci,
        'leScanEnableSetCmd',
        (enabled: boolean, filtered: boolean) => !enabled || filtered,
      ).pipe(filter((disturbed) => disturbed && !cycling)),
      start: () => {
        if (subscriber.closed) return
        asked$.next()
        hci.setScanEnabled(false, true)
        hci.setScanParameters()
        hci.setScanEnabled(true, false)
      },
      powerCycle: () =>
        defer(() => {
          // The kernel ends the scan before it switches off; that is nobody's disturbance.
          cycling = true
          unblockBluetooth()
          return powerCycle(hci._socket.constructor as new () => HciSocket, hci._deviceId ?? 0)
        }).pipe(
          // Where the kernel may not be asked, telling the controller to start afresh is next best.
          tap({ error: () => subscriber.closed || hci.reset() }),
          finalize(() => (cycling = false)),
        ),
    })
    if (!subscriber.closed) hci.init()
  })

/** An opened radio, as far as `scanning` and the ladder need it: it listens only once `start` is called. */
export interface Scanner {
  /** noble's words: `poweredOn`, `poweredOff`, `unauthorized`, `unsupported`; and `ENODEV` for an adapter that is gone. */
  readonly state$: Observable<string>
  readonly advertisements$: Observable<Advertisement>
  /** The adapter has agreed to scan. */
  readonly started$: Observable<unknown>
  /** Somebody else stopped the scan, or asked for each device to be reported only once. */
  readonly disturbed$: Observable<unknown>
  /** Sends the scan's settings anew, whatever they are now. */
  readonly start: () => void
  /** Switches the adapter off and on and unblocks it, where the system can; fails with the reason. */
  readonly powerCycle: () => Observable<never>
}

/** The adapter with the lowest number among those that are up, or else among all; noble would take the newest. */
function preferredAdapter({ _socket }: HciLayer): number | undefined {
  const adapters = [...(_socket.getDeviceList?.() ?? [])].sort((a, b) => a.devId - b.devId)
  return (adapters.find(({ devUp }) => devUp) ?? adapters[0])?.devId
}

/** The parts used of noble's `lib/hci-socket/hci.js` (1.9.2-26). */
interface HciLayer extends EventEmitter, Record<(typeof greeting)[number], () => void> {
  readonly _socket: HciSocket
  _state: string | null
  _deviceId: number | undefined
  init(): void
  pollIsDevUp(): void
  onSocketData(packet: Uint8Array): void
  reset(): void
  setScanParameters(): void
  setScanEnabled(enabled: boolean, filterDuplicates: boolean): void
}

/** What noble says to an adapter that is up; the last one's answer leads to the state `poweredOn`. */
const greeting = [
  'setSocketFilter',
  'setEventMask',
  'setLeEventMask',
  'writeLeHostSupported',
  'readLeHostSupported',
  'readLeBufferSize',
  'readBdAddr',
  'readLocalVersion',
] as const

/**
 * Looks once a second whether the adapter is up, and makes `hci` say so in its `stateChange` events. noble's own way of
 * doing it re-arms a timer that nobody can clear; this one stops when unsubscribed. Never emits.
 */
const watchPower = (hci: HciLayer): Observable<never> =>
  defer(() => {
    const known = listed(hci)
    return timer(0, 1000).pipe(
      map(() => {
        if (hci._socket.isDevUp()) return 'up'
        // An adapter that was pulled out returns under another number: this socket would wait for it in vain.
        return known && !listed(hci) ? 'ENODEV' : 'poweredOff'
      }),
      distinctUntilChanged(),
      // One by one, so that a command that fails and closes everything is the last.
      concatMap((power) =>
        power === 'up' ? greeting.map((word) => () => hci[word]()) : [() => hci.emit('stateChange', power)],
      ),
      tap((step) => step()),
      ignoreElements(),
    )
  })

const listed = ({ _socket, _deviceId }: HciLayer) =>
  _socket.getDeviceList?.().some(({ devId }) => devId === _deviceId) === true
