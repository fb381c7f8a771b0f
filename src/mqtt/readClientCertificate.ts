import { X509Certificate } from 'node:crypto'
import { readCertificate } from './readCertificate.js'
import { readPrivateKey } from './readPrivateKey.js'

/** A certificate that says who we are, with what signed it if need be, and its key; both in PEM. */
export interface ClientCertificate {
  /** The file that the certificate came from. */
  readonly path: string
  /** The certificate, then those that signed it. */
  readonly cert: string
  /** Its private key. */
  readonly key: string
}

/** Reads a certificate of ours and its key; throws an error that names the files when they cannot be used, or not together. */
export function readClientCertificate(path: string, keyPath: string): ClientCertificate {
  const cert = readCertificate(path, 'our certificate')
  const { pem, key } = readPrivateKey(keyPath)
  if (!new X509Certificate(cert).checkPrivateKey(key))
    throw new Error(
      `the key in ${keyPath} does not belong to the certificate in ${path}: are both of the same pair, and the certificate the first in its file?`,
    )
  return { path, cert, key: pem }
}
