/** What one packet of a Govee device says. The names of its values are those that `decode` prints. */
export interface Measurement {
  /** `H5075` */
  readonly model: string
  /** Digits after the point that the device resolves, for temperature and humidity alike. */
  readonly decimals: number
  /** °C */
  readonly temperature_c?: number
  /** Relative humidity, percent. */
  readonly humidity?: number
  /** Percent. */
  readonly battery?: number
  /** The packet says, or shows, that its values are invalid: they are left out, only the battery may be there. */
  readonly error?: true
}
