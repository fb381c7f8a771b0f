/** A value of the packed layout, and whether another one has been held back since. */
export interface PackedValue {
  units: number
  held: boolean
}
