import type { Climate } from '../climate.js'

/**
 * Temperature and humidity from whole numbers of 1/`scale` °C and percent. Undefined outside -40..100 °C or above
 * 100 %: corrupt packets are not always flagged as such, and no room is like that. Never -0.
 */
export function roomClimate(
  temperature: number,
  humidity: number,
  scale: 10 | 100,
): Required<Climate> | undefined {
  const outside = temperature < -40 * scale || temperature > 100 * scale || humidity > 100 * scale
  return outside ? undefined : { temperature_c: temperature / scale || 0, humidity: humidity / scale }
}
