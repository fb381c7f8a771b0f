import type { Climate, Measurement } from '../../measurement.js'
import { type Payload, uint16, uint32, uint8 } from '../payload.js'

/** The battery (percent) in the low 7 bits of a byte; undefined when they say more than 100 %. */
export function charge(power: number): number | undefined {
  const battery = power & 0x7f
  return battery <= 100 ? battery : undefined
}

/**
 * Reads 3 bytes big-endian from byte `at`: bit 23 is the sign, the low 23 bits are
 * `temperature * 10 * 1000 + humidity * 10`. `03 51 9e` is 21.7 °C, 50.2 %. Undefined when they cannot be true.
 */
function climate24(payload: Payload, at: number): Required<Climate> | undefined {
  const high = uint8(payload, at)
  const magnitude = ((high & 0x7f) << 16) | uint16(payload, at + 1)
  const tenths = Math.trunc(magnitude / 1000)
  return roomClimate(high & 0x80 ? -tenths : tenths, magnitude % 1000, 10)
}

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

/**
 * Reads the layout most room sensors share, from byte `at`: 3 bytes of temperature and humidity, then the battery
 * byte. `03 51 9e 64` is 21.7 °C, 50.2 %, battery 100 %.
 */
export function packed24(model: string, payload: Payload, at: number): Measurement {
  const empty = uint8(payload, at) === 0xff && uint16(payload, at + 1) === 0xffff
  return unlessFlagged(model, climate24(payload, at), uint8(payload, at + 3), noClimate, empty)
}

/** What a packet says that says it has no climate; one that is corrupt says nothing. */
const noClimate = { temperature_c: undefined, humidity: undefined }

/**
 * A measurement in tenths, unless it has no climate or bit 7 of the battery byte says that the climate is invalid, as do all
 * ones in its place.
 */
function unlessFlagged(
  model: string,
  climate: Climate | undefined,
  power: number,
  none: Climate,
  empty = false,
): Measurement {
  const battery = charge(power)
  if (empty || power > 0x7f) return { model, decimals: 1, ...none, battery, error: true }
  if (!climate) return { model, decimals: 1, battery, error: true }
  const { temperature_c, humidity } = climate
  return { model, decimals: 1, temperature_c, humidity, battery }
}

/** Reads the packed layout of the H5140: CO2 (ppm) stands behind the climate, then a byte that is 0 while all is well. */
export function packed24Co2(model: string, payload: Payload): Measurement {
  const climate = climate24(payload, 2)
  if (uint8(payload, 7) !== 0) return { model, decimals: 1, ...noClimate, co2: undefined, error: true }
  if (!climate) return { model, decimals: 1, error: true }
  return { model, decimals: 1, ...climate, co2: uint16(payload, 5) }
}

/** Reads the packed layout of models without a humidity sensor: they send a constant 60.0 % in its place. */
export function packed24Dry(model: string, payload: Payload): Measurement {
  const climate = climate24(payload, 2)
  const none = { temperature_c: undefined }
  return unlessFlagged(model, climate && { ...climate, humidity: undefined }, uint8(payload, 5), none)
}

/** What byte 7 says for each probe. */
const probes: Readonly<Record<number, number>> = { 0x41: 1, 0x82: 2 }

/**
 * Reads the packed layout of the H5112, which sends its two probes in turn. Only the first has a humidity sensor;
 * packets of the second repeat its value, so it is left out there.
 */
export function packed24Probe(model: string, payload: Payload): Measurement | undefined {
  const probe = probes[uint8(payload, 7)]
  if (probe === undefined) return undefined
  const measured = packed24(model, payload, 2)
  const { humidity, ...dry } = measured
  if (measured.error) return { ...(probe === 1 ? measured : dry), probe }
  const { temperature_c, ...others } = dry
  return { ...others, probes: { [probe]: probe === 1 ? { temperature_c, humidity } : { temperature_c } } }
}

/** Reads the packed layout of the H5178, whose byte 2 says which of its two parts speaks: 0 the display, 1 the remote. */
export function packed24Two(model: string, payload: Payload): Measurement | undefined {
  const part = uint8(payload, 2)
  if (part > 1) return undefined
  const measured = packed24(model, payload, 3)
  return part === 1 ? { ...measured, sensor: 'remote' } : measured
}

/**
 * Reads the layout of the H5106, 4 bytes big-endian: bit 31 is the sign, the low 31 bits are
 * `temperature * 10 * 1000000 + humidity * 10 * 1000 + pm2.5`. `0e d2 e4 31` is 24.8 °C, 70.2 %, 1 µg/m³.
 */
export function packed32(model: string, payload: Payload): Measurement {
  const packed = uint32(payload, 2)
  const magnitude = packed & 0x7fffffff
  const tenths = Math.trunc(magnitude / 1_000_000)
  const humidity = Math.trunc(magnitude / 1000) % 1000
  const climate = roomClimate(packed > 0x7fffffff ? -tenths : tenths, humidity, 10)
  if (!climate) return { model, decimals: 1, error: true }
  return { model, decimals: 1, ...climate, pm25: magnitude % 1000 }
}

/**
 * What the packed layout of 3 bytes had in it, `temperature * 10 * 1000 + humidity * 10` with the sign of the
 * temperature; undefined for a measurement from another layout or without a temperature.
 */
export function packedUnits(measurement: Measurement): number | undefined {
  const { decimals, pm25, probes } = measurement
  if (decimals !== 1 || pm25 !== undefined) return undefined
  const { temperature_c, humidity = 0 } = probes ? (probes['1'] ?? probes['2'] ?? {}) : measurement
  if (temperature_c === undefined) return undefined
  const tenths = Math.round(temperature_c * 10)
  const below = Math.round(humidity * 10)
  return tenths < 0 ? tenths * 1000 - below : tenths * 1000 + below
}

/**
 * Whether packed units are likely to be wrong in one of the two ways that packets of this layout are known to be: torn, or under
 * the number of the other probe. Users found both by comparing packets with displays.
 */
export const areDoubtful = (units: number, last: number, other: number | undefined): boolean =>
  areTorn(units, last) || (other !== undefined && areOfOtherProbe(units, last, other))

/** 1 °C in packed units: what a room changes from one packet to the next. */
const near = 10_000

/** What the low 16 bits of the packed layout hold: 6.5 °C and 53.6 %. */
const span = 0x10000

/**
 * Whether the high byte of a packed value looks like that of one sample and the low 16 bits like those of another:
 * it differs from the last one by exactly 65536 units but for a small change, next to a multiple of 65536 (6.5, 13.1,
 * 19.6 °C …) where the high byte has just changed. Nothing in the packet says so.
 */
function areTorn(units: number, last: number): boolean {
  if (units < 0 !== last < 0) return false
  const size = Math.abs(units)
  const meant = size + (size > Math.abs(last) ? -span : span)
  const boundary = Math.round(meant / span) * span
  return boundary > 0 && Math.abs(meant - Math.abs(last)) <= near && Math.abs(meant - boundary) <= near
}

/**
 * Whether a value of one probe is far from its own last one but close to the last one of the other probe: 0.8 % of the
 * packets of the H5112 carry the number of the wrong probe.
 */
const areOfOtherProbe = (units: number, own: number, other: number): boolean =>
  Math.abs(units - own) > near && Math.abs(units - other) <= near
