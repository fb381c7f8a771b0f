import { createCipheriv } from 'node:crypto'
import { crc16 } from '../../src/ble/formats/govee/events.js'

/** The manufacturer record (hex) of an encrypted event: model code, battery and value, under a nonce. */
export function encrypted(code: number, battery: number, value: number, nonce = 1): string {
  const key = Buffer.alloc(16)
  key.writeUInt32BE(nonce)
  const plain = Buffer.from([0, 0, code, 0, battery, value, ...Buffer.alloc(10)])
  const cipher = createCipheriv('aes-128-ecb', key.reverse(), null).setAutoPadding(false)
  const secret = cipher.update(plain.reverse()).reverse()
  const record = Buffer.alloc(26)
  record.set([0x88, 0xef, 0x12, 0x34])
  record.writeUInt32BE(nonce, 4)
  record.set(secret, 8)
  record.writeUInt16BE(crc16(secret), 24)
  return record.toString('hex')
}
