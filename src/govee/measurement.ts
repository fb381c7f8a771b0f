import type { Climate } from './climate.js'
import type { Probe } from './probe.js'

/** What one packet of a Govee device says. The names of its values are those that `decode` prints. */
export interface Measurement extends Climate {
  /** `H5075` */
  readonly model: string
  /** Digits after the point that the device resolves, for all temperatures and humidities alike. */
  readonly decimals: number
  /** Percent. */
  readonly battery?: number | undefined
  /** ppm */
  readonly co2?: number | undefined
  /** µg/m³ */
  readonly pm25?: number | undefined
  /** By number, from 1; a probe that is not plugged in has no temperature. */
  readonly probes?: Readonly<Record<string, Probe>>
  /** The values are those of the second part of a device of two parts. */
  readonly sensor?: 'remote'
  readonly occupancy?: boolean
  readonly motion?: boolean
  readonly window_open?: boolean
  readonly pressure_detected?: boolean
  /** Something that happened; buttons are numbered from 0. */
  readonly event?:
    | { readonly type: 'motion' | 'vibration' }
    | { readonly type: 'button'; readonly button: number; readonly action: 'press' }
  /** The packet says, or shows, that its values are invalid: they are left out, only the battery may be there. */
  readonly error?: true
  /** The probe whose values are invalid. */
  readonly probe?: number | undefined
}
