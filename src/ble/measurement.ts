import type { Measured } from './quantities.js'

/**
 * What one packet of a device says. The names of its values are those that `decode` prints. A key that is there and undefined is
 * one of which the packet says that there is no value.
 */
export interface Measurement extends Measured {
  /** As people write it; absent for Govee's. */
  readonly brand?: string
  /** `H5075` */
  readonly model: string
  /** Digits after the point that the device resolves, for its temperature and humidity alike. @default as many as the value has */
  readonly decimals?: number
  /** By number, from 1; a probe that is not plugged in has no temperature. */
  readonly probes?: Readonly<Record<string, Probe>>
  /** `probe1`: its packet says that the probe is not plugged in, and nothing else of it. */
  readonly [unplugged: `probe${number}`]: undefined
  /** The values are those of the second part of a device of two parts. */
  readonly sensor?: 'remote'
  /** Something that happened. */
  readonly event?: BleEvent
  /** Where more than one thing happened. */
  readonly events?: readonly BleEvent[]
  /** The packet says, or shows, that its values are invalid: they are left out, only the battery may be there. */
  readonly error?: true
  /** The probe whose values are invalid. */
  readonly probe?: number | undefined
  /** The packet is recognised, but there is no reading in it. */
  readonly ignored?: true
  /** With `ignored`: what it says can only be read with a key, which is missing or not the right one. */
  readonly encrypted?: true
  /** The number under which it is on the air, however often it is sent. */
  readonly packet?: number | undefined
  /** How many numbers packets have, where one that is a quarter of them behind the latest is late and no new one. */
  readonly packetSize?: number
  /** Of an encrypted packet, rising with each: one that does not rise was sent before, perhaps recorded and sent by somebody else. */
  readonly counter?: number | undefined
  /** How many numbers the counter has, where they are so few that it starts over soon. */
  readonly counterSize?: number
  /** It speaks when something happens, and only then: that it is not heard says nothing. */
  readonly triggered?: true
  /** Where a device says the same in two layouts: whether this is the one that resolves less. */
  readonly coarse?: boolean
}

/** Something that happened; buttons are numbered from 0. */
export type BleEvent =
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
      readonly action: ButtonAction
    }
  | {
      /** A knob was turned. */
      readonly type: 'dimmer'
      /** Which way. */
      readonly action: 'rotate_left' | 'rotate_right'
      /** How far. */
      readonly steps: number
    }
  | {
      /** The device commands whoever listens. */
      readonly type: 'command'
      /** What. */
      readonly action: 'off' | 'on' | 'toggle' | 'step_up' | 'step_down'
      /** How far, where that is said. */
      readonly steps?: number
    }

/** How a button can be used. */
export type ButtonAction =
  | 'press'
  | 'double_press'
  | 'triple_press'
  | 'long_press'
  | 'long_double_press'
  | 'long_triple_press'
  | 'hold_press'

/** Temperature and humidity of one place. */
export type Climate = Pick<Measured, 'temperature_c' | 'humidity'>

/** What one probe of a device measures, and the temperatures (°C) at which its owner wants to be alarmed. */
export interface Probe extends Climate, Pick<Measured, 'ambient_c' | 'center_c' | 'end_c'> {
  /** Alarm above this, °C. */
  readonly alarm_high_c?: number | undefined
  /** Alarm below this, °C. */
  readonly alarm_low_c?: number | undefined
}
