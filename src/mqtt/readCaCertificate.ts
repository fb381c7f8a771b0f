import { existsSync } from 'node:fs'
import { readCertificate } from './readCertificate.js'

/** The certificate of a CA, or several, in PEM, and the file they came from. */
export interface CaCertificate {
  /** The file that it came from, for messages. */
  readonly path: string
  /** The text of the file. */
  readonly pem: string
}

/** Where it is looked for when no path is given. */
export const usualCaCertificate = './certs/ca.crt'

/**
 * Reads the CA's certificate; `undefined` stands for `./certs/ca.crt`, which need not exist (then the system's roots count).
 * Throws an error that names the file when it cannot be read or holds no certificate.
 */
export function readCaCertificate(path: string | undefined): CaCertificate | undefined {
  if (path === undefined)
    return existsSync(usualCaCertificate) ? readCaCertificate(usualCaCertificate) : undefined
  return { path, pem: readCertificate(path, "the CA's certificate") }
}
