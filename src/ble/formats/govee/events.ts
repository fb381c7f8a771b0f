import { createDecipheriv } from 'node:crypto'
import type { Measurement } from '../../measurement.js'
import { type Payload, uint16, uint32, uint8 } from '../payload.js'
import { charge } from './packed.js'

/**
 * Reads a motion, door or vibration sensor, a button or a pressure mat. A value without a known meaning says nothing. The number of
 * a packet is its nonce: each event is on the air many times, under one.
 */
export function encrypted24(_: string, payload: Payload): Measurement | undefined {
  const [, , code = 0, , power = 0, value = 0] = decrypt24(payload) ?? []
  const known = models[code]
  if (!known) return undefined
  const [model, say] = known
  return { model, decimals: 0, ...say(value), battery: charge(power), packet: uint32(payload, 2) }
}

/** Reads the H5127: somebody is there, somebody moves. */
export function presence(model: string, payload: Payload): Measurement {
  return {
    model,
    decimals: 0,
    occupancy: uint8(payload, 4) === 1,
    motion: uint8(payload, 5) === 0x11,
  }
}

/** By the byte that says the model: its name, and what its value means. */
const models: Readonly<Record<number, readonly [model: string, say: (value: number) => Said]>> = {
  2: ['H5123', (value) => (value === 1 || value === 2 ? { window_open: value === 2 } : {})],
  3: ['H5121', (value) => when(value, 'motion')],
  8: ['H5122', press],
  9: ['H5124', (value) => when(value, 'vibration')],
  10: ['H5125', press],
  11: ['H5126', press],
  13: ['H5130', (value) => (value === 16 ? press(0) : value <= 1 ? { pressure_detected: value === 1 } : {})],
}

/** The names of these models. */
export const encryptedModels: readonly string[] = Object.values(models).map(([model]) => model)

type Said = Omit<Measurement, 'model' | 'decimals'>

function press(button: number): Said {
  return { event: { type: 'button', button, action: 'press' } }
}

const when = (value: number, type: 'motion' | 'vibration'): Said => (value === 1 ? { event: { type } } : {})

/**
 * The 16 plain bytes in an encrypted payload: short id (2), nonce (4), cipher (16), CRC-16 of the cipher (2, big-endian);
 * undefined when the CRC does not fit. The cipher is one block of AES-128-ECB whose key, the nonce and twelve zeros, and
 * whose text are byte-reversed: it hides nothing from anybody who has read this far.
 */
function decrypt24(payload: Payload): Uint8Array | undefined {
  const bytes = payload.record.subarray(payload.start)
  const cipher = Uint8Array.from(bytes.subarray(6, 22))
  if (crc16(cipher) !== uint16(payload, 22)) return undefined
  const key = new Uint8Array(16)
  key.set(bytes.subarray(2, 6))
  const decipher = createDecipheriv('aes-128-ecb', key.reverse(), null).setAutoPadding(false)
  return decipher.update(cipher.reverse()).reverse()
}

/** CRC-16, polynomial 0x1021, initial value 0x1D0F, not reflected. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0x1d0f
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)
    crc &= 0xffff
  }
  return crc
}
