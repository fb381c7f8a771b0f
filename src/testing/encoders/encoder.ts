import type { BleEvent, Measurement } from '../../ble/measurement.js'
import type { Measured } from '../../ble/quantities.js'
import type { AdvertisingEvent, Content } from '../../radio/advertisement.js'

/** How the devices of one family say something. */
export interface Encoder {
  /** The values they have. */
  readonly says: readonly (keyof GoveeValues)[]
  /** The values that each of their probes has. */
  readonly probes?: readonly (keyof ProbeValues)[]
  /** 16-bit UUIDs in the packet that holds the name. @default ['ec88'] */
  readonly uuids?: readonly string[]
  /** The packet that holds the reading; a scan response holds neither name nor UUIDs. @default 'adv_ind' */
  readonly event?: AdvertisingEvent
  /** Does the name stand in the packet that holds the reading? @default true */
  readonly named?: false
  /**
   * The bytes behind the company id, or behind the three octets of the address that probes begin with. Throws an error
   * that says what was expected where a value cannot be said.
   */
  readonly encode: (values: GoveeValues, model: string, address: Uint8Array) => readonly number[]
}

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

/** What a device of another brand shall say: the names are those of `decode`. */
export interface BrandValues extends Omit<Measured, 'temperature_c'> {
  /** °C */
  readonly temperature?: number | undefined
  /** By number, from 1. */
  readonly probes?: Measurement['probes'] | undefined
  /** Something that happens. */
  readonly event?: BleEvent | undefined
  /** Where more than one thing happens. */
  readonly events?: readonly BleEvent[] | undefined
  /** The number of the packet: repeats have the same. @default 1 */
  readonly packet?: number | undefined
  /** Of an encrypted packet: each has a higher one. @default 1 */
  readonly counter?: number | undefined
}

/** How the devices of another brand say something in their main record. */
export interface BrandEncoder {
  readonly brand: string
  /** What the device calls itself, without digits of its address; nothing where it does not. */
  readonly name?: string
  /** The values it has, of all its models. */
  readonly says: readonly (keyof BrandValues)[]
  /**
   * What the packet holds. Throws an error that says what was expected where a value cannot be said; `temperature` is
   * `temperature_c` here.
   */
  readonly encode: (values: EncodedValues, device: EncodedDevice) => Partial<Content>
}

export type EncodedValues = Omit<BrandValues, 'temperature'> & { readonly temperature_c?: number | undefined }

export interface EncodedDevice {
  readonly model: string | undefined
  /** In the order in which it is written. */
  readonly address: Uint8Array
  /** With which it encrypts. */
  readonly key: Uint8Array | undefined
}

/** The battery byte, percent. */
export const charge = ({ battery = 100 }: GoveeValues): number => steps('battery', battery, 0, 100)

/**
 * A value as the whole number that stands for it on the air, of which `perUnit` make 1.
 *
 * @throws Error that completes "cannot say this: " when the value is absent, out of range or too fine.
 * @example steps('temperature', -7.3, -40, 100, 10) // -73
 */
export function steps(
  name: string,
  value: number | undefined,
  from: number,
  to: number,
  perUnit = 1,
): number {
  const count = Math.round((value ?? NaN) * perUnit)
  if (value !== undefined && value >= from && value <= to && Math.abs(value * perUnit - count) < 1e-6)
    return count
  throw new Error(`expected ${name} from ${from} to ${to} in steps of ${1 / perUnit}, got ${value ?? 'none'}`)
}

/** The two bytes of a 16-bit number, big-endian; a negative one in two's complement. */
export const int16 = (value: number): [high: number, low: number] => [(value >> 8) & 0xff, value & 0xff]

/** The same, little-endian. */
export const int16le = (value: number): [low: number, high: number] => [value & 0xff, (value >> 8) & 0xff]
