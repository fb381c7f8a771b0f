import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { asyncScheduler, catchError, fromEvent, map, merge, Observable, of, tap, throwError } from 'rxjs'
import type { Logger } from '../model.js'
import { type Advertisement, normalUuid } from './advertisement.js'
import { openHci, type Scanner, type Wanted } from './openHci.js'

/**
 * Opens an adapter of this machine on subscription, when noble is loaded, too, and closes it on unsubscription. An error says in
 * one line what is missing and how to mend it, and leaves nothing behind.
 */
export const openAdapter = (log: Logger, wanted: Wanted = {}): Observable<Scanner> => {
  const hasHci = process.platform === 'linux' || process.platform === 'freebsd'
  return (hasHci ? openHci(wanted) : openNoble(log)).pipe(
    catchError((error: unknown) => throwError(() => radioError(error, wanted.adapter))),
  )
}

/**
 * Opens Bluetooth through noble's `discover` event, where the system shows no more than that (macOS, Windows): one
 * manufacturer record a packet, and no raw bytes.
 */
export const openNoble = (log: Logger, makeNoble: () => Noble = fromPackage): Observable<Scanner> =>
  new Observable((subscriber) => {
    const noble = makeNoble()
    subscriber.add(() => {
      noble.removeAllListeners()
      noble.stopScanning()
      noble._bindings.stop?.()
    })
    noble.on('warning', (text) => log.warn('noble:', text))
    // Reading the state is what opens it; unlike the first listener it lets errors through.
    const state = noble.state
    subscriber.next({
      state$: merge(of(state), fromEvent(noble, 'stateChange')).pipe(map(String)),
      advertisements$: (fromEvent(noble, 'discover') as Observable<Peripheral>).pipe(
        tap(({ id }) => memories.forEach((memory) => Reflect.deleteProperty(noble[memory], id))),
        map(advertisementOf),
      ),
      started$: fromEvent(noble, 'scanStart'),
      disturbed$: fromEvent(noble, 'scanStop', () => 'stopped' as const),
      start: () => {
        if (!subscriber.closed && noble.state === 'poweredOn') noble.startScanning([], true, () => undefined)
      },
      powerCycle: () => throwError(() => new Error('this system lets no program do that')),
    })
  })

/** noble goes on changing the peripheral it hands out, so everything is copied. */
function advertisementOf({ id, address, addressType, rssi, advertisement }: Peripheral): Advertisement {
  const { localName, serviceUuids = [], manufacturerData, serviceData = [] } = advertisement
  return {
    address: address || id,
    ...((addressType === 'public' || addressType === 'random') && { addressType }),
    ...(rssi !== undefined && rssi !== 127 && { rssi }),
    at: asyncScheduler.now(),
    ...(localName && { localName }),
    serviceUuids: serviceUuids.map(normalUuid),
    manufacturerData: manufacturerData ? [Uint8Array.from(manufacturerData)] : [],
    serviceData: serviceData.map(({ uuid, data }) => ({
      uuid: normalUuid(uuid),
      data: Uint8Array.from(data),
    })),
  }
}

/** By the id of a device: noble keeps every one it ever heard. */
const memories = [
  '_peripherals',
  '_services',
  '_characteristics',
  '_descriptors',
  '_discoveredPeripheralUUids',
] as const

interface Noble extends EventEmitter, Record<(typeof memories)[number], Record<string, unknown>> {
  readonly state: string
  readonly _bindings: { stop?(): void }
  startScanning(serviceUuids: readonly string[], allowDuplicates: boolean, done: () => void): void
  stopScanning(): void
}

interface Peripheral {
  readonly id: string
  readonly address?: string
  readonly addressType?: string
  readonly rssi?: number
  readonly advertisement: {
    readonly localName?: string
    readonly serviceUuids?: readonly string[]
    readonly manufacturerData?: Uint8Array
    readonly serviceData?: readonly { readonly uuid: string; readonly data: Uint8Array }[]
  }
}

function fromPackage(): Noble {
  const require = createRequire(import.meta.url)
  return (require('@abandonware/noble/with-custom-binding') as (options: object) => Noble)({})
}

/**
 * The error for what noble threw, or for a state its adapter is in: one line, with what to do. `adapter` is the one that was
 * asked for by name.
 */
export function radioError(cause: unknown, adapter?: string): Error {
  const { code = cause, message = cause } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {}
  const reason = reasons.get(String(code)) ?? `Bluetooth cannot be used: ${String(message)}.`
  const other =
    adapter !== undefined && code === 'ENODEV'
      ? ` Adapter under [Bluetooth] asks for ${adapter}; another one takes its place after a minute.`
      : ''
  return new Error(reason + other, { cause })
}

const capabilities =
  process.platform === 'darwin'
    ? 'allow it under System Settings > Privacy & Security > Bluetooth'
    : `add AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN to the systemd unit, or run: sudo setcap cap_net_raw,cap_net_admin+eip ${process.execPath}`

/** By error code or adapter state: what is missing, and the command that mends it. */
const reasons = new Map([
  [
    'MODULE_NOT_FOUND',
    `Bluetooth support is not installed, or could not be built (@abandonware/noble). To see why, run npm install -g --foreground-scripts ./sensor-reporter-*.tgz, with sudo where the first one had it; in the sources npm ci --foreground-scripts. It needs a C++ compiler (sudo apt install build-essential python3) and the headers of Node, which node-gyp fetches from nodejs.org; Debian's own node has them in libnode-dev: put npm_config_nodedir=/usr before npm.`,
  ],
  [
    'ERR_DLOPEN_FAILED',
    'Bluetooth support was built for another version of Node: run npm rebuild --foreground-scripts in the folder of the program.',
  ],
  [
    'EAFNOSUPPORT',
    'The kernel of this system has no Bluetooth: run sudo modprobe bluetooth; in a container or systemd unit, allow AF_BLUETOOTH.',
  ],
  [
    'ENODEV',
    'No Bluetooth adapter was found: plug one in, or switch on the built-in one: sudo rfkill unblock bluetooth.',
  ],
  ['EPERM', `Bluetooth is not permitted: ${capabilities}.`],
  ['EACCES', `Bluetooth is not permitted: ${capabilities}.`],
  ['unauthorized', `Bluetooth is not permitted: ${capabilities}.`],
  [
    'unsupported',
    'The Bluetooth adapter is too old (no Low Energy): plug in one with Bluetooth 4.0 or newer.',
  ],
  [
    'ETIMEDOUT',
    'The Bluetooth adapter does not answer: unplug it and plug it in again, or run: sudo hciconfig hci0 reset.',
  ],
])
