import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decryptCcm } from '../../../src/ble/formats/ccm.js'
import { encryptCcm } from '../../../src/testing/encoders/ccm.js'

const hex = (text: string) => Buffer.from(text, 'hex')

it('reads the example of the BTHome specification', () => {
  const plain = decryptCcm(hex('231d39c1d7cc1ab1aee224cd096db932'), {
    nonce: hex('5448e68f80a5d2fc4100112233'),
    cipher: hex('a47266c95f73'),
    tag: hex('78237214'),
  })
  expect(plain && Buffer.from(plain).toString('hex')).toBe('02ca0903bf13')
})

it('reads what was encrypted, and nothing when key, nonce, bytes or tag are others', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const plainBytes = fc.uint8Array({ minLength: 1, maxLength: 30 })
  const sizes = [bytes(16), fc.oneof(bytes(12), bytes(13)), fc.option(bytes(1), { nil: undefined })] as const
  fc.assert(
    fc.property(...sizes, plainBytes, (key, nonce, aad, plain) => {
      const sealed = { nonce, aad, ...encryptCcm(key, { nonce, aad, plain }) }
      expect(decryptCcm(key, sealed)).toEqual(Buffer.from(plain))

      const changed = (value: Uint8Array) => value.map((byte, at) => (at === 0 ? byte ^ 1 : byte))
      expect(decryptCcm(changed(key), sealed)).toBeUndefined()
      expect(decryptCcm(key, { ...sealed, nonce: changed(nonce) })).toBeUndefined()
      expect(decryptCcm(key, { ...sealed, tag: changed(sealed.tag) })).toBeUndefined()
      expect(decryptCcm(key, { ...sealed, cipher: changed(sealed.cipher) })).toBeUndefined()
    }),
  )
})

it('reads nothing where nothing was encrypted: a tag of nothing is not looked at', () => {
  const [key, nonce, empty] = [Buffer.alloc(16), Buffer.alloc(13), Buffer.alloc(0)]
  expect(decryptCcm(key, { nonce, cipher: empty, tag: Buffer.alloc(4) })).toBeUndefined()
})

it.each([0, 12, 24, 32])('reads nothing with a key of %i bytes', (length) => {
  const sealed = { nonce: Buffer.alloc(13), cipher: Buffer.alloc(6), tag: Buffer.alloc(4) }
  expect(decryptCcm(new Uint8Array(length), sealed)).toBeUndefined()
})
