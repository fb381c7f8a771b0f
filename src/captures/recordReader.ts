/** What a record of a binary capture held: an HCI packet with its H4 indicator in front (`04 3e …`). */
export interface CapturedPacket {
  readonly packet: Uint8Array
  /** Milliseconds since the epoch, where the capture says so. */
  readonly at?: number | undefined
}

/** Reads the records of one file, one after the other; it may remember what a record says about those behind it. */
export interface RecordReader {
  /** Bytes at the beginning of a record that tell its length. */
  readonly header: number
  /**
   * Length (bytes, header included) of the record that begins here; undefined where none can begin. When `searching`
   * for the next record behind damage it is strict, since most places are not the beginning of one.
   */
  readonly length: (header: Buffer, searching: boolean) => number | undefined
  /** The packet in a whole record; undefined where there is something else in it. */
  readonly packet: (record: Buffer) => CapturedPacket | undefined
}
