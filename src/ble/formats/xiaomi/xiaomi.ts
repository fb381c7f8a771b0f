import type { Advertisement } from '../../../radio/advertisement.js'
import type { Measurement } from '../../measurement.js'
import type { Format } from '../format.js'
import { digits, int16, type Payload, uint16, uint16le, uint24, uint8 } from '../payload.js'
import { decodeMiBeacon, keyAdvice, miBeaconService } from './miBeacon.js'
import { products } from './products.js'

type Reader = (data: Uint8Array, address: string, key: Uint8Array | undefined) => Measurement | undefined

/** By the service of its data. */
const readers = new Map<string, Reader>([
  [miBeaconService, decodeMiBeacon],
  ['fd50', plant],
  ['181d', (data) => scale(data, 'Mi Scale', 10)],
  ['181b', (data) => scale(data, 'Mi Body Composition Scale', 13)],
])

/**
 * Xiaomi's devices, and those of others that are sold with its app: MiBeacon, two scales, and a plant sensor that has a format of its
 * own. Source: Xiaomi's "MiBeacon" pages, xiaomi-ble, ble_monitor.
 */
export const xiaomi: Format = {
  brand: 'Xiaomi',
  get models() {
    return `${new Set(products.values()).size} that speak MiBeacon, such as LYWSD03MMC, LYWSDCGQ, HHCCJCY01, RTCGQ02LM; HHCCJCY10; two scales`
  },
  services: [...readers.keys()],
  keyAdvice,
  decode,
}

function decode({ serviceData, address }: Advertisement, key?: Uint8Array): Measurement | undefined {
  let ignored: Measurement | undefined
  for (const { uuid, data } of serviceData) {
    const measurement = readers.get(uuid)?.(data, address, key)
    if (measurement && !measurement.ignored) return measurement
    ignored ??= measurement
  }
  return ignored
}

/** HHCCJCY10, all numbers big-endian: `60 00d2 000224 64 0000` is 96 %, 21 °C, 548 lx, battery 100 %, 0 µS/cm. */
function plant(data: Uint8Array): Measurement | undefined {
  const payload = { record: data, start: 0 }
  const [moisture, battery] = [uint8(payload, 0), uint8(payload, 6)]
  // Others send data of this service, too.
  if (data.length !== 9 || moisture > 100 || battery > 100) return undefined
  return {
    brand: 'Xiaomi',
    model: 'HHCCJCY10',
    moisture,
    temperature_c: int16(payload, 1) / 10 || 0,
    illuminance_lx: uint24(payload, 3),
    battery,
    conductivity: uint16(payload, 7),
  }
}

/**
 * The older scale says all in its first byte, the newer one in two, and impedance besides. Somebody is being weighed until the
 * weight is stable, and has stepped off when it is "removed". `0226 b20705040f0201 ac01 8642`: 428 Ω, 85.15 kg.
 */
function scale(data: Uint8Array, model: string, length: number): Measurement | undefined {
  if (data.length !== length) return undefined
  const payload = { record: data, start: 0 }
  const isNew = length === 13
  const flags = uint8(payload, isNew ? 1 : 0)
  const weight = uint16le(payload, isNew ? 11 : 1)
  const isStable = (flags & 0x20) !== 0 && (flags & 0x80) === 0
  const device = { brand: 'Xiaomi', model }
  if (!isStable || weight === 0) return { ...device, ignored: true }
  const isInPounds = (uint8(payload, 0) & 1) !== 0
  return {
    ...device,
    // Hundredths of a pound; or of a catty, which is half a kilogram, so that its steps are those of the kilogram.
    weight_kg: digits(isInPounds ? (weight * 0.45359237) / 100 : weight / 200, 2),
    ...(isNew && (flags & 2) !== 0 && impedance(payload)),
  }
}

function impedance(payload: Payload): Partial<Measurement> {
  const ohms = uint16le(payload, 9)
  return ohms > 0 ? { impedance_ohm: ohms } : {}
}
