/** What a sensor of temperature and humidity measures. */
export interface Climate {
  /** °C */
  readonly temperature: number
  /** Percent, relative. */
  readonly humidity: number
}
