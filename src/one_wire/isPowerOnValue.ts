/**
 * Whether a temperature is what a DS18x20 says after it lost power, before it measures: exactly 85 °C. Near that it may be
 * true.
 */
export const isPowerOnValue = (celsius: number, before: number | undefined): boolean =>
  celsius === 85 && !(before !== undefined && before >= 80)
