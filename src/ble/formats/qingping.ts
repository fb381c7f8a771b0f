import type { Advertisement } from '../../radio/advertisement.js'
import type { Measurement } from '../measurement.js'
import type { Format } from './format.js'
import { together } from './parts.js'
import { int16le, type Payload, uint16le, uint24le, uint32le, uint8 } from './payload.js'
import { decodeMiBeacon, keyAdvice, miBeaconService } from './xiaomi/miBeacon.js'

/** The older of the two is of the same layout, and is also used by security keys. */
const services = ['fdcd', 'fff9'] as const

/**
 * Qingping's (ClearGrass's) sensors. Many of them are sold for Xiaomi's app, too, and say the same by MiBeacon. Source:
 * qingping-ble, ble_monitor.
 */
export const qingping: Format = {
  brand: 'Qingping',
  get models() {
    return [...new Set(models.values())].sort().join(', ')
  },
  services: [...services, miBeaconService],
  keyAdvice,
  decode,
}

function decode({ serviceData, address, localName = '' }: Advertisement, key?: Uint8Array) {
  let ignored: Measurement | undefined
  for (const { uuid, data } of serviceData) {
    const measurement =
      uuid !== miBeaconService
        ? decodeOwn(uuid, data)
        : /^(Qingping|ClearGrass) /.test(localName)
          ? asQingping(decodeMiBeacon(data, address, key))
          : undefined
    if (measurement && !measurement.ignored) return measurement
    ignored ??= measurement
  }
  return ignored
}

const asQingping = (measurement: Measurement | undefined) =>
  measurement && { ...measurement, brand: 'Qingping' }

/** `0816 a72514342d58 0104 d800bb01 0201 64`: flags, type (CGG1), address (reversed), and objects: 21.6 °C, 44.3 %, battery 100 %. */
function decodeOwn(uuid: string, data: Uint8Array): Measurement | undefined {
  const type = data[1] ?? 0
  const known = models.get(type)
  const isOwn = uuid === services[0] || (uuid === services[1] && known !== undefined)
  if (!isOwn || data.length < 8) return undefined
  const parts: Partial<Measurement>[] = []
  for (let at = 8; at + 2 <= data.length;) {
    const [id = 0, length = 0] = data.subarray(at, at + 2)
    const start = at + 2
    at = start + length
    const [usual, read] = objects.get(id) ?? []
    if (at <= data.length && length === usual) parts.push(read?.({ record: data, start }) ?? {})
  }
  const { packet, ...said } = together(parts)
  return {
    brand: 'Qingping',
    model: known ?? `Qingping ${type.toString(16).toUpperCase().padStart(2, '0')}`,
    ...(Object.keys(said).length > 0 ? said : { ignored: true }),
    ...(packet !== undefined && { packet }),
  }
}

/** By the type in their packets; others say what they measure all the same. */
const models = new Map([
  [0x01, 'CGG1'],
  [0x04, 'CGH1'],
  [0x07, 'CGG1'],
  [0x09, 'CGP1W'],
  [0x0c, 'CGD1'],
  [0x0e, 'CGDN1'],
  [0x0f, 'CGM1'],
  [0x10, 'CGDK2'],
  [0x12, 'CGPR1'],
  [0x15, 'CGF1W'],
  [0x16, 'CGG1'],
  [0x18, 'CGP23W'],
  [0x1e, 'CGC1'],
  [0x24, 'CGDN1'],
  [0x26, 'CGP23W'],
  [0x33, 'CGP22C'],
  [0x4f, 'CGG3'],
  [0x52, 'CGR1PC'],
  [0x5d, 'CGP22C'],
  [0x62, 'CGR1PC'],
])

/** By id: how long an object is, and what it says. */
const objects = new Map<number, readonly [length: number, read: (value: Payload) => Partial<Measurement>]>([
  [0x01, [4, (value) => ({ temperature_c: int16le(value, 0) / 10 || 0, humidity: uint16le(value, 2) / 10 })]],
  // Bit 7 is something else; where all bits are set, a cable feeds it.
  [0x02, [1, (value) => ({ battery: Math.min(uint8(value, 0) & 0x7f, 100) })]],
  // The third value is "left open".
  [0x04, [1, (value) => ({ window_open: [true, false, true][uint8(value, 0)] })]],
  [0x07, [2, (value) => ({ pressure_hpa: uint16le(value, 0) / 10 })]],
  [0x08, [4, (value) => ({ motion: uint8(value, 0) > 0, illuminance_lx: uint24le(value, 1) })]],
  [0x09, [4, (value) => ({ illuminance_lx: uint32le(value, 0) })]],
  [0x0f, [1, (value) => ({ packet: uint8(value, 0) })]],
  [0x11, [1, (value) => ({ light: uint8(value, 0) > 0 })]],
  [0x12, [4, (value) => ({ pm25: uint16le(value, 0), pm10: uint16le(value, 2) })]],
  [0x13, [2, (value) => ({ co2: uint16le(value, 0) })]],
])
