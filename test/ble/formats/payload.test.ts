import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  companyId,
  int16,
  int16le,
  uint16,
  uint16le,
  uint32,
  uint8,
} from '../../../src/ble/formats/payload.js'

describe('a payload', () => {
  it('is read as a DataView reads it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 30 }),
        fc.nat(2),
        fc.nat(2),
        (record, start, at) => {
          const view = new DataView(record.buffer, record.byteOffset + start)
          const payload = { record, start }
          expect(uint8(payload, at)).toBe(view.getUint8(at))
          expect(uint16(payload, at)).toBe(view.getUint16(at))
          expect(int16(payload, at)).toBe(view.getInt16(at))
          expect(uint16le(payload, at)).toBe(view.getUint16(at, true))
          expect(int16le(payload, at)).toBe(view.getInt16(at, true))
          expect(uint32(payload, at)).toBe(view.getUint32(at))
        },
      ),
    )
  })

  it('stands behind the company id, which is little-endian', () => {
    expect(companyId(Uint8Array.of(0x88, 0xec, 1))).toBe(0xec88)
    expect(companyId(Uint8Array.of(0x88))).toBe(0x88)
    expect(companyId(Uint8Array.of())).toBe(0)
  })
})
