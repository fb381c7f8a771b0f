import type { Measurement } from './measurement.js'

/**
 * Everything that is measured, one row each, by its name in `decode`: its topic, its name in JSON and what `scan` prints of
 * it are read here, too.
 */
export const quantities = {
  temperature_c: {
    topic: 'temp_c',
    unit: '°C',
    also: { key: 'temperature_f', topic: 'temp_f', from: toFahrenheit },
    group: 'climate',
  },
  humidity: { topic: 'humi', unit: '%', group: 'climate' },
  co2: { topic: 'co2', unit: 'ppm', decimals: 0, inWords: '# CO2' },
  pm25: { topic: 'pm25', unit: 'µg/m³', decimals: 0 },
  occupancy: { topic: 'presence', words: ['ON', 'OFF'], inWords: ['occupied', 'empty'] },
  motion: { topic: 'motion', words: ['ON', 'OFF'], inWords: ['moving', 'still'] },
  pressure_detected: { topic: 'load', words: ['ON', 'OFF'], inWords: ['loaded', 'empty'] },
  window_open: { topic: 'door', words: ['OPEN', 'CLOSED'], inWords: ['open', 'closed'] },
  battery: { topic: 'battery', unit: '%', decimals: 0, inWords: 'battery #', diagnostic: true },
  rssi: { topic: 'rssi', unit: 'dBm', decimals: 0, diagnostic: true },
} as const satisfies Readonly<Record<QuantityKey, Quantity>>

/** All that a measurement may hold but what is no quantity, and what the radio measures. */
type QuantityKey =
  | Exclude<
      keyof Measurement,
      `probe${number}` | 'model' | 'decimals' | 'sensor' | 'probes' | 'event' | 'error' | 'probe'
    >
  | 'rssi'

export type Quantity = NumberQuantity | StateQuantity

/** A number. */
interface NumberQuantity extends Row {
  readonly unit: string
  /** Digits after the point. @default as many as the device resolves */
  readonly decimals?: number
  /** The same in another unit, reported beside it. */
  readonly also?: {
    readonly key: string
    readonly topic: string
    readonly from: (value: number, decimals: number) => number
  }
  /** What people read; `#` is the number and its unit. @default '#' */
  readonly inWords?: string
  readonly words?: undefined
}

/** Something that is so, or is not. */
interface StateQuantity extends Row {
  readonly also?: undefined
  /** What is reported. */
  readonly words: readonly [yes: string, no: string]
  /** What people read. */
  readonly inWords: readonly [yes: string, no: string]
}

interface Row {
  /** The last level of its topic. */
  readonly topic: string
  /** It is about the device and not about where that is. */
  readonly diagnostic?: true
  /** `scan` prints those of one group together. */
  readonly group?: string
}

const rows: ReadonlyMap<string, Quantity> = new Map(Object.entries(quantities))

/** The quantity with a name, if there is one. */
export const quantityOf = (key: string): Quantity | undefined => rows.get(key)

/**
 * What a number is called in `decode` and in JSON, by its topic. In JSON a state is called as its topic, since its word is the one
 * that is said there.
 */
export const numberNames: ReadonlyMap<string, string> = new Map(
  [...rows].flatMap(([key, { topic, words, also }]): [topic: string, name: string][] =>
    words ? [] : [[topic, key], ...(also ? [[also.topic, also.key] as [string, string]] : [])],
  ),
)

/** °C to °F, rounded to `decimals`, never `-0`. */
export function toFahrenheit(celsius: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(celsius * scale * 1.8 + 32 * scale) / scale || 0
}
