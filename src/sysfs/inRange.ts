/** Passes a value on that the sensor can have measured, and throws at any other. */
export function inRange(value: number, min: number, max: number, unit: string): number {
  if (value >= min && value <= max) return value
  throw new Error(`expected ${min} to ${max} ${unit}, got ${value} ${unit}: look at the wiring of the sensor`)
}
