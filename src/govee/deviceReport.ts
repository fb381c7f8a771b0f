import type { Reading } from '../model.js'

/** All readings of one packet, and whose they are. */
export interface DeviceReport {
  /** What the destinations of the device have in common. */
  readonly device: string
  readonly readings: readonly Reading[]
}
