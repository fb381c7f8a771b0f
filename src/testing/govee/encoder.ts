import type { AdvertisingEvent } from '../../bluetooth/advertisement.js'
import type { GoveeValues, ProbeValues } from './goveeValues.js'

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
