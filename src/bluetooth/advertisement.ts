/** One packet from the air (an advertisement or a scan response), its AD structures taken apart. */
export interface Advertisement {
  /** Device address as the radio wrote it: `a4:c1:38:11:22:33`; macOS gives a UUID of its own instead. */
  readonly address: string
  /** Whether the address is registered with the IEEE; random ones may change. */
  readonly addressType?: 'public' | 'random'
  /** dBm; absent when the radio did not measure it. */
  readonly rssi?: number
  /** When it was heard, milliseconds since the epoch. */
  readonly at?: number
  /** Which kind of packet it was. */
  readonly event?: AdvertisingEvent
  /** Complete local name, or the shortened one when the packet has no other. */
  readonly localName?: string
  /** Lower case, without dashes; 4 digits for 16-bit UUIDs: `ec88`. */
  readonly serviceUuids: readonly string[]
  /** Every 0xFF record in the order of the packet, company id (2 bytes, little-endian) included. */
  readonly manufacturerData: readonly Uint8Array[]
  /** Every record of service data, in the order of the packet. */
  readonly serviceData: readonly {
    /** Of the service, spelt as in `serviceUuids`. */
    readonly uuid: string
    /** What follows the UUID. */
    readonly data: Uint8Array
  }[]
  /** The AD structures as on the air, where the source still has them. */
  readonly data?: Uint8Array
}

/** PDU type of the packet, named as in the Core Specification (Vol 6, Part B, 2.3). */
export type AdvertisingEvent = 'adv_ind' | 'adv_direct_ind' | 'adv_scan_ind' | 'adv_nonconn_ind' | 'scan_rsp'
