import { type Device, devicesBelow } from '../../src/ble/devices.js'
import type { Measurement } from '../../src/ble/measurement.js'
import type { Observation } from '../../src/ble/plausibility.js'
import { advertisementOf } from './advertisementOf.js'

/** A device that is reported below `govee/attic/`. */
export function deviceOf(localName = 'attic'): Device {
  const device = devicesBelow('govee')(advertisementOf({ localName }), 'H5075')
  if (!device) throw new Error('every device has a level where none are chosen')
  return device
}

/** An observation of a device, without the packet it came in. */
export const observationOf = (device: Device, measurement: Partial<Measurement>): Observation => ({
  advertisement: advertisementOf({}),
  measurement: { model: 'H5104', decimals: 1, ...measurement },
  device,
})
