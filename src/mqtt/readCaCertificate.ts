import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileFault } from '../config/fileFault.js'

/** The certificate of a CA, or several, in PEM, and the file they came from. */
export interface CaCertificate {
  readonly path: string
  readonly pem: string
}

const usual = './certs/ca.crt'

/**
 * Reads the CA's certificate; `undefined` stands for `./certs/ca.crt`, which need not exist (then the system's roots count).
 * Throws an error that names the file when it cannot be read or holds no certificate.
 */
export function readCaCertificate(path: string | undefined): CaCertificate | undefined {
  if (path === undefined) return existsSync(usual) ? readCaCertificate(usual) : undefined
  const pem = read(path)
  if (!isCertificate(pem))
    throw new Error(
      `there is no certificate in the file ${path}: it must be in PEM, "-----BEGIN CERTIFICATE-----" and so on`,
    )
  return { path, pem }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`the CA's certificate cannot be read from the file ${path}: ${fileFault(error)}`, {
      cause: error,
    })
  }
}

function isCertificate(pem: string): boolean {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return false
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
