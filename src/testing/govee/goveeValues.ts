import type { Measurement } from '../../govee/measurement.js'

/** What one probe measures, °C and percent; one that is not plugged in has no temperature. */
export interface ProbeValues {
  /** °C */
  readonly temperature?: number
  /** Only the first probe of the H5112 has it. */
  readonly humidity?: number
  /** The temperatures (°C) at which its owner wants to be alarmed. */
  readonly alarmHigh?: number
  /** The lower one. */
  readonly alarmLow?: number
}

/** What a Govee device shall say, in the units of its display: °C, percent, ppm, µg/m³. */
export interface GoveeValues {
  /** °C */
  readonly temperature?: number
  /** Relative, percent. */
  readonly humidity?: number
  /** Percent. @default 100 */
  readonly battery?: number
  /** ppm */
  readonly co2?: number
  /** µg/m³ */
  readonly pm25?: number
  /** By number, from 1: those that the device sends in one packet. */
  readonly probes?: Readonly<Record<number, ProbeValues>>
  /** The second part of the H5178 speaks. */
  readonly sensor?: 'remote'
  /** Somebody is there. */
  readonly occupancy?: boolean
  /** Something moves. */
  readonly motion?: boolean
  /** The door or window is open. */
  readonly windowOpen?: boolean
  /** Somebody sits or lies on it. */
  readonly pressureDetected?: boolean
  /** Something that happens; buttons are numbered from 0. */
  readonly event?: NonNullable<Measurement['event']>
  /** What tells two events apart (1 when absent): the sensor leaves out repeats of one event, which have the same nonce. */
  readonly nonce?: number
}
