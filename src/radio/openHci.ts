import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import {
  asyncScheduler,
  catchError,
  concatMap,
  defaultIfEmpty,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  forkJoin,
  fromEvent,
  ignoreElements,
  map,
  Observable,
  of,
  tap,
  timeout,
  timer,
} from 'rxjs'
import { type Advertisement, parseAdvertisement } from './advertisement.js'
import { type AdvertisingReport, advertisingReports } from './advertisingReports.js'
import { type Disturbance, hciScan, type ScanCommands } from './hciScan.js'
import { type HciSocket, ownSockets } from './hciSocket.js'
import {
  adapterAdded,
  adapterRemoved,
  addressOf,
  ask,
  type Management,
  openManagement,
  readInformation,
} from './management.js'
import { powerCycle, unblockBluetooth } from './powerCycle.js'

/** Which adapter to open. */
export interface Wanted {
  /** Its name or its address: `hci1`, `00:1a:7d:da:71:13`; without it the first one there is. */
  readonly adapter?: string | undefined
  /** Those that others are to have: names and addresses. */
  readonly reserved?: readonly string[]
  /** Numbers of those that are open already. */
  readonly inUse?: Set<number>
  /** Whether another one may stand in while it is not there. */
  readonly standIn?: boolean
}

/**
 * Opens a Bluetooth adapter through noble's HCI layer (Linux, FreeBSD) and closes it on unsubscription, or at once when it is
 * pulled out, since the kernel gives it another number when it comes back while somebody still has it open.
 *
 * noble's upper layers are left out on purpose: they keep one record of several per packet, merge packets of a device, remember
 * every address for ever and end the process on SIGINT. Nor does it scan: it knows only the commands of Bluetooth 4.
 */
export const openHci = (wanted: Wanted = {}): Observable<Scanner> =>
  new Observable((subscriber) => {
    const Hci = createRequire(import.meta.url)('@abandonware/noble/lib/hci-socket/hci.js') as HciLayerClass
    const [hci, closeSocket] = ownSockets(() => new Hci({}))
    const Socket = hci._socket.constructor as new () => HciSocket
    const management = managementOf(Socket)
    const fail = (error: unknown) => subscriber.error(error)

    const scan = hciScan({
      write: (packet) => hci._socket.write(packet),
      isUp: () => hci._socket.isDevUp(),
      ready: () => hci._state === 'unsupported' || hci.emit('stateChange', 'poweredOn'),
    })
    const letNobleRead = hci.onSocketData.bind(hci)
    hci.onSocketData = (packet) => {
      if (packet[0] === 0x04 && packet[1] === 0x3e) {
        for (const report of advertisingReports(packet)) hci.emit('report', report)
        return
      }
      // Data of other programs' connections: noble would keep the pieces until the rest comes.
      if (packet[0] === 0x02 || scan.read(packet)) return
      try {
        letNobleRead(packet)
      } catch {
        // noble reads past the end of an event that is shorter than it should be; such an event says nothing.
      }
    }
    hci.on('readLocalVersion', scan.version)
    hci.setScanParameters = hci.setScanEnabled = () => undefined
    hci.pollIsDevUp = () => subscriber.add(watchPower(hci, scan).subscribe({ error: fail }))

    subscriber.add(() => {
      if (hci._state === 'poweredOn') scan.stop()
      hci._socket.stop()
      // Who is still in the middle of a series of commands must not end the process with an `error` nobody hears.
      hci._socket.removeAllListeners().on('error', () => undefined)
      closeSocket()
      management?.close()
    })

    const scanner = (standsIn: boolean): Scanner => ({
      adapter: hci._deviceId === undefined ? undefined : `hci${hci._deviceId}`,
      standsIn,
      added$: management ? changes(management, adapterAdded) : EMPTY,
      state$: fromEvent(hci, 'stateChange').pipe(map(String)),
      advertisements$: (fromEvent(hci, 'report') as Observable<AdvertisingReport>).pipe(
        // Spreads would cost five times as much as all the parsing.
        map((report) => Object.assign(parseAdvertisement(report.data), report, { at: asyncScheduler.now() })),
      ),
      started$: scan.started$,
      disturbed$: scan.disturbed$,
      refused$: scan.refused$.pipe(map((status) => Hci.STATUS_MAPPER[status] ?? `status ${status}`)),
      start: () => {
        if (!subscriber.closed) scan.start()
      },
      powerCycle: () =>
        defer(() => {
          scan.expectReset()
          unblockBluetooth()
          return powerCycle(Socket, hci._deviceId ?? 0)
        }).pipe(
          // Where the kernel may not be asked, telling the controller to start afresh is next best.
          tap({ error: () => subscriber.closed || hci.reset() }),
        ),
    })
    const opened$ = chosen(hci, wanted, management).pipe(
      tap(({ number, standsIn }) => {
        hci._deviceId = number
        if (number !== undefined) {
          wanted.inUse?.add(number)
          subscriber.add(() => wanted.inUse?.delete(number))
        }
        subscriber.next(scanner(standsIn))
        if (!subscriber.closed) hci.init()
      }),
      ignoreElements(),
    )
    const gone$ = management
      ? changes(management, adapterRemoved).pipe(filter((gone) => gone === hci._deviceId))
      : EMPTY
    subscriber.add(gone$.subscribe({ next: () => fail('ENODEV'), error: fail }))
    subscriber.add(opened$.subscribe({ error: fail }))
  })

/** An opened radio, as far as `scanning` and the ladder need it: it listens only once `start` is called. */
export interface Scanner {
  /** Its name, where it has one: `hci0`. */
  readonly adapter?: string | undefined
  /** Whether it takes the place of one that is not there. */
  readonly standsIn?: boolean
  /** An adapter has been plugged in. */
  readonly added$?: Observable<unknown>
  /** noble's words: `poweredOn`, `poweredOff`, `unauthorized`, `unsupported`; and `ENODEV` for an adapter that is gone. */
  readonly state$: Observable<string>
  readonly advertisements$: Observable<Advertisement>
  /** The adapter has agreed to scan. */
  readonly started$: Observable<unknown>
  /** Somebody else changed the scan, so that not everything is heard any more. */
  readonly disturbed$: Observable<Disturbance>
  /** The adapter refused to scan, for this reason. */
  readonly refused$?: Observable<string>
  /** Sends the scan's settings anew, whatever they are now. */
  readonly start: () => void
  /** Switches the adapter off and on and unblocks it, where the system can; emits when it is off; fails with the reason. */
  readonly powerCycle: () => Observable<'off'>
}

/** Undefined where the kernel lets nobody have it: then a look once a second must do. */
function managementOf(Socket: new () => HciSocket): Management | undefined {
  try {
    return openManagement(Socket)
  } catch {
    return undefined
  }
}

/** The numbers of adapters of which the kernel reports this. What fails there is no fault of the adapter. */
const changes = ({ messages$ }: Management, event: number): Observable<number> =>
  messages$.pipe(
    filter((message) => message.event === event),
    map(({ adapter }) => adapter),
    catchError(() => EMPTY),
  )

/** The number of the adapter to open, at once where it is asked for by name. Fails with ENODEV where it is not there. */
function chosen(
  hci: HciLayer,
  { adapter, reserved = [], inUse = new Set<number>(), standIn = false }: Wanted,
  management: Management | undefined,
): Observable<{ readonly number: number | undefined; readonly standsIn: boolean }> {
  if (adapter === undefined) return of({ number: hci._deviceId ?? preferred(listed(hci)), standsIn: false })
  const isName = adapter.startsWith('hci')
  const number = Number(adapter.slice(3))
  const isThere = isName && listed(hci).some(({ devId }) => devId === number)
  if (isThere || (isName && !standIn)) return of({ number, standsIn: false })
  return addresses(hci, management).pipe(
    map((known) => {
      const named = isName ? undefined : [...known].find(([, address]) => address === adapter)?.[0]
      if (named !== undefined) return { number: named, standsIn: false }
      const isFree = ({ devId }: Device) =>
        !inUse.has(devId) && !reserved.includes(`hci${devId}`) && !reserved.includes(known.get(devId) ?? '')
      const other = standIn ? preferred(listed(hci).filter(isFree)) : undefined
      if (other === undefined) throw Object.assign(new Error(`${adapter} is not there`), { code: 'ENODEV' })
      return { number: other, standsIn: true }
    }),
  )
}

/** The addresses of the adapters by their numbers, as far as the kernel says them within two seconds. */
function addresses(
  hci: HciLayer,
  management: Management | undefined,
): Observable<ReadonlyMap<number, string>> {
  const asked = management ? listed(hci).map(({ devId }) => address(management, devId)) : []
  return forkJoin(asked).pipe(
    defaultIfEmpty([]),
    map((entries) => new Map(entries.flat())),
  )
}

const address = (
  management: Management,
  number: number,
): Observable<readonly (readonly [number, string])[]> =>
  ask(management, readInformation, number).pipe(
    timeout({ each: 2000, with: () => EMPTY }),
    catchError(() => EMPTY),
    filter(({ status, returned }) => status === 0 && returned.length >= 6),
    map(({ returned }) => [[number, addressOf(returned)] as const]),
    defaultIfEmpty([]),
  )

type Device = ReturnType<NonNullable<HciSocket['getDeviceList']>>[number]

const listed = ({ _socket }: HciLayer): readonly Device[] => _socket.getDeviceList?.() ?? []

/** The adapter with the lowest number among those that are up, or else among all; noble would take the newest. */
function preferred(devices: readonly Device[]): number | undefined {
  const adapters = [...devices].sort((a, b) => a.devId - b.devId)
  return (adapters.find(({ devUp }) => devUp) ?? adapters[0])?.devId
}

interface HciLayerClass {
  new (options: object): HciLayer
  /** What the status codes of controllers mean. */
  readonly STATUS_MAPPER: readonly string[]
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
  setScanEnabled(): void
}

/**
 * What is said to an adapter that is up, before it is asked for its features, whose answer leads to the state `poweredOn`. Which
 * events it reports is not among it: the kernel has told it so, and may want more of them than noble knows.
 */
const greeting = ['setSocketFilter', 'writeLeHostSupported', 'readBdAddr', 'readLocalVersion'] as const

/**
 * Looks once a second whether the adapter is up, and makes `hci` say so in its `stateChange` events. noble's own way of
 * doing it re-arms a timer that nobody can clear; this one stops when unsubscribed. Never emits.
 */
const watchPower = (hci: HciLayer, { readFeatures }: ScanCommands): Observable<never> =>
  defer(() => {
    const isListed = () => listed(hci).some(({ devId }) => devId === hci._deviceId)
    const known = isListed()
    const greet = [...greeting.map((word) => () => hci[word]()), readFeatures]
    return timer(0, 1000).pipe(
      map(() => {
        if (hci._socket.isDevUp()) return 'up'
        // An adapter that was pulled out returns under another number: this socket would wait for it in vain.
        return known && !isListed() ? 'ENODEV' : 'poweredOff'
      }),
      distinctUntilChanged(),
      // One by one, so that a command that fails and closes everything is the last.
      concatMap((power) => (power === 'up' ? greet : [() => hci.emit('stateChange', power)])),
      tap((step) => step()),
      ignoreElements(),
    )
  })
