import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { asyncScheduler, fromEvent, map, merge, Observable, of, tap, throwError } from 'rxjs'
import type { Logger } from '../logging/logger.js'
import type { Advertisement } from './advertisement.js'
import { normalUuid } from './normalUuid.js'
import type { Scanner } from './scanner.js'

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
      disturbed$: fromEvent(noble, 'scanStop'),
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
