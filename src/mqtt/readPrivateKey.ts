import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readPem } from './readPem.js'

/** Reads a private key in PEM; throws an error that names the file, and shows nothing of it, when it cannot be used. */
export function readPrivateKey(path: string): { readonly pem: string; readonly key: KeyObject } {
  const pem = readPem(path, 'the key of our certificate')
  try {
    return { pem, key: createPrivateKey(pem) }
  } catch {
    throw new Error(
      pem.includes('ENCRYPTED')
        ? `the key in the file ${path} is encrypted, and nobody is there to type its passphrase: openssl pkey -in ${path} -out NEW.key decrypts it; then chmod 600 NEW.key`
        : `there is no private key in the file ${path}: it must be in PEM, "-----BEGIN PRIVATE KEY-----" and so on`,
    )
  }
}
