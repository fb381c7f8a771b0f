import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from 'node:zlib'
import { checksum } from '../../src/spool/checksum.js'

describe('checksum', () => {
  it('is the CRC-32 that everybody computes, with its leading zeros', () => {
    expect(checksum(Buffer.from('123456789'))).toBe('cbf43926')
    expect(checksum(Buffer.alloc(0))).toBe('00000000')
  })

  it.skipIf(typeof crc32 !== 'function')('is what zlib says', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseInt(checksum(bytes), 16)).toBe(crc32(bytes))
      }),
    )
  })
})
