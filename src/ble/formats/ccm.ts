import { createDecipheriv } from 'node:crypto'

/** What was encrypted by AES-128-CCM, as several brands do. */
export interface Sealed {
  /** Made of the address of the device, a counter and whatever else the format says. */
  readonly nonce: Uint8Array
  /** Bytes that are vouched for, but not sent. */
  readonly aad?: Uint8Array | undefined
  readonly cipher: Uint8Array
  /** Shows whether key and bytes are the right ones: 4 bytes everywhere so far. */
  readonly tag: Uint8Array
}

/**
 * The plain bytes of what was encrypted; undefined where the tag is wrong, which is how a wrong key, a wrong address or a changed
 * packet show, where the key has not the 16 bytes of AES-128, and where nothing was encrypted: of that Node looks at no tag.
 */
export function decryptCcm(key: Uint8Array, { nonce, aad, cipher, tag }: Sealed): Uint8Array | undefined {
  if (cipher.length === 0) return undefined
  try {
    const decipher = createDecipheriv('aes-128-ccm', key, nonce, { authTagLength: tag.length })
    decipher.setAuthTag(tag)
    if (aad) decipher.setAAD(aad, { plaintextLength: cipher.length })
    const plain = decipher.update(cipher)
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}
