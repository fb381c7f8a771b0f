import { createCipheriv } from 'node:crypto'
import { crc16 } from '../../ble/formats/govee/events.js'
import { charge, type Encoder, type GoveeValues, steps } from './encoder.js'

/** Of the family encrypted24, by model; a name would not fit into the packet. */
export const eventEncoders: Readonly<Record<string, Encoder>> = {
  H5121: encoder(3, 'event', when('motion')),
  H5122: encoder(8, 'event', press),
  H5123: encoder(2, 'windowOpen', door),
  H5124: encoder(9, 'event', when('vibration')),
  H5125: encoder(10, 'event', press),
  H5126: encoder(11, 'event', press),
  H5130: encoder(13, 'event', mat),
}

function encoder(model: number, value: 'event' | 'windowOpen', code: Code): Encoder {
  return {
    says: [value, 'battery', 'nonce', ...(code === mat ? (['pressureDetected'] as const) : [])],
    uuids: [],
    named: false,
    encode: (values, _model, address) => [
      ...encrypt24(address.subarray(-2), values.nonce ?? 1, [0, 0, model, 0, charge(values), code(values)]),
    ],
  }
}

/** The byte that stands for what a device says. */
type Code = (values: GoveeValues) => number

function when(type: 'motion' | 'vibration'): Code {
  return ({ event }) => {
    if (event?.type === type) return 1
    throw fault(`event: { type: '${type}' }`, event)
  }
}

function press({ event }: GoveeValues): number {
  if (event?.type === 'button') return steps('the number of the button', event.button, 0, 255)
  throw fault("event: { type: 'button', button: 0, action: 'press' }", event)
}

function door({ windowOpen }: GoveeValues): number {
  if (windowOpen === undefined) throw fault('windowOpen, true or false', windowOpen)
  return windowOpen ? 2 : 1
}

function mat(values: GoveeValues): number {
  const { event, pressureDetected } = values
  if (event && pressureDetected !== undefined) throw new Error('expected event or pressureDetected, got both')
  if (event && press(values) === 0) return 16
  if (pressureDetected === undefined)
    throw fault('pressureDetected, true or false, or its only button, 0', event)
  return Number(pressureDetected)
}

const fault = (expected: string, got: unknown) =>
  new Error(`expected ${expected}, got ${got === undefined ? 'none' : JSON.stringify(got)}`)

/**
 * The opposite of `decrypt24`: short id (2 bytes), nonce (4), the plain bytes as one block of AES-128-ECB (16), and the CRC-16 of
 * that (2). Key and texts are byte-reversed; the key is the nonce and twelve zeros.
 */
function encrypt24(shortId: Uint8Array, nonce: number, plain: readonly number[]): Uint8Array {
  const payload = Buffer.alloc(24)
  payload.set(shortId)
  payload.writeUInt32BE(nonce, 2)
  const key = Buffer.alloc(16)
  key.writeUInt32BE(nonce)
  const block = Buffer.alloc(16)
  block.set(plain)
  const cipher = createCipheriv('aes-128-ecb', key.reverse(), null).setAutoPadding(false)
  const secret = cipher.update(block.reverse()).reverse()
  payload.set(secret, 6)
  payload.writeUInt16BE(crc16(secret), 22)
  return payload
}
