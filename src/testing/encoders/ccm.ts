import { createCipheriv } from 'node:crypto'
import type { Sealed } from '../../ble/formats/ccm.js'

/** The opposite of `decryptCcm`: cipher and tag of 4 bytes. Throws an error where the key has not 16 bytes. */
export function encryptCcm(
  key: Uint8Array,
  { nonce, aad, plain }: Pick<Sealed, 'nonce' | 'aad'> & { readonly plain: Uint8Array },
): Pick<Sealed, 'cipher' | 'tag'> {
  if (key.length !== 16) throw new Error(`expected a key of 32 hex digits, got ${key.length * 2}`)
  const encipher = createCipheriv('aes-128-ccm', key, nonce, { authTagLength: 4 })
  if (aad) encipher.setAAD(aad, { plaintextLength: plain.length })
  const cipher = encipher.update(plain)
  encipher.final()
  return { cipher, tag: encipher.getAuthTag() }
}
