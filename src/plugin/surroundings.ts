/** How parts of the program are doing, by their names: in words, and whether that is well. */
export type States = Readonly<Record<string, { readonly text: string; readonly ok: boolean }>>

/** A device that the radio hears, whether it is reported or not, as `scan` has it. */
export interface HeardDevice {
  /** `a4:c1:38:11:22:33` */
  readonly address: string
  /** Its local name: `GVH5075_2233`. */
  readonly name?: string
  /** `Govee` */
  readonly brand: string
  /** `H5075` */
  readonly model?: string
  /** dBm */
  readonly rssi?: number
  /** When it was heard last, milliseconds since the epoch. */
  readonly at: number
  /** How many of its packets were heard. */
  readonly count: number
  /** What it measures, in words. */
  readonly readings: readonly string[]
  /** What its owner should know or do, sentences. */
  readonly advice: readonly string[]
  /** The lines to paste for it into the configuration; none where it says nothing that can be reported. */
  readonly lines: readonly string[]
  /** A section reports it, or gives it a name. */
  readonly configured: boolean
}
