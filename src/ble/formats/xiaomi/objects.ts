import type { Measurement } from '../../measurement.js'
import { together } from '../parts.js'
import { digits, int16le, type Payload, uint16le, uint24le, uint32le, uint8 } from '../payload.js'
import { button, ms1bb, switchObjects } from './buttons.js'
import { products } from './products.js'

/** What the objects of a packet say, and whether they are as long as such objects are: with a wrong key they are not. */
export interface Objects {
  readonly said: Partial<Measurement>
  readonly isWhole: boolean
}

/**
 * Reads the objects of MiBeacon: type (2 bytes, little-endian), length, value. `0d10 04 1001 ea01`: 27.2 °C, 49 %. What stands
 * before a value that is cut off is kept.
 */
export function readObjects(bytes: Uint8Array, product: number): Objects {
  const parts: Partial<Measurement>[] = []
  const model = products.get(product)
  let at = 0
  let isWhole = true
  while (at + 3 <= bytes.length) {
    const type = uint16le({ record: bytes, start: at }, 0)
    const start = at + 3
    at = start + (bytes[at + 2] ?? 0)
    if (at > bytes.length) break
    const [length, read] = objects.get(type) ?? []
    if (length === undefined || !read) continue
    // What is one byte or none is sometimes followed by more.
    const isRight = length <= 1 ? at - start >= length : at - start === length
    if (!isRight) isWhole = false
    else if (model !== undefined || isGeneric(type))
      parts.push(read({ record: bytes.subarray(0, at), start }, model ?? ''))
  }
  return { said: together(parts), isWhole: isWhole && at === bytes.length }
}

/** The others mean what they do for the models that are known to send them. */
const isGeneric = (type: number) => type >> 8 === 0x10

type Row = readonly [length: number, read: (value: Payload, model: string) => Partial<Measurement>]

const battery: Row = [1, (value) => ({ battery: uint8(value, 0) })]
const humidity: Row = [1, (value) => ({ humidity: uint8(value, 0) })]
const leak: Row = [1, (value) => ({ leak: uint8(value, 0) > 0 })]
const opened: Row = [1, (value) => ({ window_open: [undefined, true, false][uint8(value, 0)] })]

/** By type. Source: Xiaomi's object definitions for those below 2000; those above are as its models were found to send them. */
const objects = new Map<number, Row>([
  [0x0003, [1, (_, model) => (model === 'MUE4094RT' ? { event: { type: 'motion' } } : {})]],
  [0x000a, [2, (value) => ({ temperature_c: int16le(value, 0) / 100 || 0 })]],
  [0x000f, [3, (value, model) => ({ motion: true, ...brightnessOfMotion(uint24le(value, 0), model) })]],
  [0x1001, [3, button]],
  [0x1004, [2, (value) => ({ temperature_c: int16le(value, 0) / 10 || 0 })]],
  [0x1005, [2, (value) => ({ powered: uint8(value, 0) > 0, temperature_c: uint8(value, 1) })]],
  [0x1006, [2, (value) => ({ humidity: uint16le(value, 0) / 10 })]],
  [0x1007, [3, (value, model) => brightness(uint24le(value, 0), model)]],
  [0x1008, [1, (value) => ({ moisture: uint8(value, 0) })]],
  [0x1009, [2, (value) => ({ conductivity: uint16le(value, 0) })]],
  [0x100a, battery],
  [
    0x100d,
    [4, (value) => ({ temperature_c: int16le(value, 0) / 10 || 0, humidity: uint16le(value, 2) / 10 })],
  ],
  [0x1010, [2, (value) => ({ formaldehyde_mgm3: uint16le(value, 0) / 100 })]],
  [0x1013, [1, (value) => ({ consumable: uint8(value, 0) })]],
  [0x1014, leak],
  [0x1015, [1, (value) => ({ smoke: uint8(value, 0) > 0 })]],
  [0x1017, [4, (value) => ({ motion: uint32le(value, 0) <= stillAfter })]],
  [0x1018, [1, (value) => ({ light: uint8(value, 0) > 0 })]],
  // The third value is "left open", the fourth a reset.
  [0x1019, [1, (value) => ({ window_open: [true, false, true][uint8(value, 0)] })]],
  [0x101b, [0, () => ({ motion: false })]],
  [0x4801, [4, (value) => ({ temperature_c: float(value, 1) })]],
  [0x4802, humidity],
  [0x4803, battery],
  [0x4804, opened],
  [0x4805, [4, (value) => ({ illuminance_lx: float(value, 2) })]],
  [0x4806, leak],
  [0x4808, [4, (value) => ({ humidity: float(value, 1) })]],
  [0x480c, [1, (value) => ({ window_open: [true, false][uint8(value, 0)] })]],
  [0x4818, [2, (value) => ({ motion: uint16le(value, 0) <= stillAfter })]],
  [0x483c, [1, (value) => ({ pressure_detected: uint8(value, 0) > 0 })]],
  [0x484e, [1, (value, model) => ({ occupancy: isOccupied(uint8(value, 0), model) })]],
  [0x4a08, [4, (value) => ({ motion: true, illuminance_lx: float(value, 2) })]],
  [0x4a12, opened],
  [0x4a13, [1, ms1bb]],
  [0x4a1a, [1, (value) => (uint8(value, 0) === 1 ? { window_open: true } : {})]],
  [0x4c01, [4, (value) => ({ temperature_c: float(value, 2) })]],
  [0x4c02, humidity],
  [0x4c03, battery],
  [0x4c08, [4, (value) => ({ humidity: float(value, 2) })]],
  [0x5003, battery],
  ...switchObjects,
])

/** Seconds without motion that Xiaomi's app takes for motion still. */
const stillAfter = 30

/** Lux, but for what only knows light from dark. */
const brightness = (value: number, model: string): Partial<Measurement> =>
  model === 'MJYD02YL' || model === 'MCCGQ02HL' ? { light: value === 100 } : { illuminance_lx: value }

function brightnessOfMotion(value: number, model: string): Partial<Measurement> {
  if (model === 'MJYD02YL' || model === 'RTCGQ02LM') return { light: value >= 100 }
  return model === 'CGPR1' ? { illuminance_lx: value } : {}
}

const isOccupied = (value: number, model: string) => (model === 'XMOSB01XS' ? value === 1 : value > 0)

/** 32 bits, little-endian; undefined for what is no number. */
function float({ record, start }: Payload, decimals: number): number | undefined {
  const value = new DataView(record.buffer, record.byteOffset + start, 4).getFloat32(0, true)
  return Number.isFinite(value) ? digits(value, decimals) : undefined
}
