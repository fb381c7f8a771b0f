/** °C to °F, rounded to `decimals`, never `-0`. */
export function toFahrenheit(celsius: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(celsius * scale * 1.8 + 32 * scale) / scale || 0
}
