/** Temperature and humidity of one place. */
export interface Climate {
  /** °C */
  readonly temperature_c?: number | undefined
  /** Relative humidity, percent. */
  readonly humidity?: number | undefined
}
