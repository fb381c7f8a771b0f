import type { Advertisement } from '../bluetooth/advertisement.js'
import type { Device } from './device.js'
import type { Measurement } from './measurement.js'

/** A measurement, the packet it was heard in and the device that sent it. */
export interface Observation {
  readonly advertisement: Advertisement
  readonly measurement: Measurement
  readonly device: Device
}
