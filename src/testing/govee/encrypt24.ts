import { createCipheriv } from 'node:crypto'
import { crc16 } from '../../govee/layouts/crc16.js'

/**
 * The opposite of `decrypt24`: short id (2 bytes), nonce (4), the plain bytes as one block of AES-128-ECB (16), and the CRC-16 of
 * that (2). Key and texts are byte-reversed; the key is the nonce and twelve zeros.
 */
export function encrypt24(shortId: Uint8Array, nonce: number, plain: readonly number[]): Uint8Array {
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
