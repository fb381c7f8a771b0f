/** A temperature in °C as it is to be reported. */
export const inUnit = (celsius: number, unit: 'C' | 'F'): number =>
  unit === 'F' ? celsius * 1.8 + 32 : celsius
