import type { Device } from '../../src/govee/device.js'
import type { Measurement } from '../../src/govee/measurement.js'
import type { Observation } from '../../src/govee/observation.js'
import { goveeDevices } from '../../src/govee/goveeDevices.js'
import { advertisementOf } from './advertisementOf.js'

/** A device that is reported below `govee/attic/`. */
export function deviceOf(localName = 'attic'): Device {
  const device = goveeDevices('govee')(advertisementOf({ localName }), 'H5075')
  if (!device) throw new Error('every device has a level where none are chosen')
  return device
}

/** An observation of a device, without the packet it came in. */
export const observationOf = (device: Device, measurement: Partial<Measurement>): Observation => ({
  advertisement: advertisementOf({}),
  measurement: { model: 'H5104', decimals: 1, ...measurement },
  device,
})
