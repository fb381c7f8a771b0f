import { createDecipheriv } from 'node:crypto'
import { crc16 } from './crc16.js'

/**
 * The 16 plain bytes in an encrypted payload: short id (2), nonce (4), cipher (16), CRC-16 of the cipher (2, big-endian);
 * undefined when the CRC does not fit. The cipher is one block of AES-128-ECB whose key, the nonce and twelve zeros, and
 * whose text are byte-reversed: it hides nothing from anybody who has read this far.
 */
export function decrypt24(payload: DataView): Uint8Array | undefined {
  const bytes = new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength)
  const cipher = bytes.slice(6, 22)
  if (crc16(cipher) !== payload.getUint16(22)) return undefined
  const key = new Uint8Array(16)
  key.set(bytes.subarray(2, 6))
  const decipher = createDecipheriv('aes-128-ecb', key.reverse(), null).setAutoPadding(false)
  return decipher.update(cipher.reverse()).reverse()
}
