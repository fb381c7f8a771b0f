/** How to listen. */
export interface BluetoothOptions {
  /** Linux names of the adapters, `['hci0', 'hci1']`; the first one there is when absent. */
  readonly adapters?: readonly string[]
  /** How long nobody may be heard before something is done about it, ms (90 000 when absent); 0 for ever. */
  readonly silence?: number
  /** How long it may be deaf before its state is hopeless, ms (900 000 when absent); 0 for ever. */
  readonly restart?: number
  /** Weakest signal that is passed on, dBm; packets whose signal was not measured always are. */
  readonly minRssi?: number
  /** How long a device may be unheard before it counts as gone, ms; for ever when absent or 0. */
  readonly expire?: number
}
