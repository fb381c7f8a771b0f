/**
 * What one packet of a device says. The names of its values are those that `decode` prints. A key that is there and undefined is
 * one of which the packet says that there is no value.
 */
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
  /** `probe1`: its packet says that the probe is not plugged in, and nothing else of it. */
  readonly [unplugged: `probe${number}`]: undefined
  /** The values are those of the second part of a device of two parts. */
  readonly sensor?: 'remote'
  /** Whether somebody is there. */
  readonly occupancy?: boolean
  /** Whether something moves. */
  readonly motion?: boolean
  /** Whether the door or window is open. */
  readonly window_open?: boolean
  /** Whether somebody sits or lies on it. */
  readonly pressure_detected?: boolean
  /** Something that happened; buttons are numbered from 0. */
  readonly event?:
    | {
        /** What happened. */
        readonly type: 'motion' | 'vibration'
      }
    | {
        /** A button was used. */
        readonly type: 'button'
        /** Which one. */
        readonly button: number
        /** How. */
        readonly action: 'press'
      }
  /** The packet says, or shows, that its values are invalid: they are left out, only the battery may be there. */
  readonly error?: true
  /** The probe whose values are invalid. */
  readonly probe?: number | undefined
}

/** Temperature and humidity of one place. */
export interface Climate {
  /** °C */
  readonly temperature_c?: number | undefined
  /** Relative humidity, percent. */
  readonly humidity?: number | undefined
}

/** What one probe of a device measures, and the temperatures (°C) at which its owner wants to be alarmed. */
export interface Probe extends Climate {
  /** Alarm above this, °C. */
  readonly alarm_high_c?: number | undefined
  /** Alarm below this, °C. */
  readonly alarm_low_c?: number | undefined
}
