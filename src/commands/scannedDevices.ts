import { asyncScheduler, defer, map, type OperatorFunction } from 'rxjs'
import type { Advertisement } from '../bluetooth/advertisement.js'
import { remember } from '../bounded.js'
import { scannedDevice, type ScannedDevice } from './scannedDevice.js'

export interface Scanned {
  /** By address. */
  readonly devices: ReadonlyMap<string, ScannedDevice>
  /** The device that was just heard, when it is new or its readings have changed. */
  readonly news: ScannedDevice | undefined
}

/** Follows devices by their packets; beyond `limit` of them the one not heard for longest is dropped. */
export function scannedDevices(limit = 1000): OperatorFunction<Advertisement, Scanned> {
  return (advertisements$) =>
    defer(() => {
      const devices = new Map<string, ScannedDevice>()
      return advertisements$.pipe(
        map((advertisement) => {
          const known = devices.get(advertisement.address)
          const device = scannedDevice(known, advertisement, asyncScheduler.now())
          remember(devices, device.address, device, limit)
          return { devices, news: known && sameReadings(known, device) ? undefined : device }
        }),
      )
    })
}

const sameReadings = (a: ScannedDevice, b: ScannedDevice) =>
  Object.values(a.readings).join() === Object.values(b.readings).join()
