import { X509Certificate } from 'node:crypto'
import { readPem } from './readPem.js'

/** Reads a certificate in PEM, or several; throws an error that names the file when it cannot be read or holds none. */
export function readCertificate(path: string, what: string): string {
  const pem = readPem(path, what)
  if (!isCertificate(pem))
    throw new Error(
      `there is no certificate in the file ${path}: it must be in PEM, "-----BEGIN CERTIFICATE-----" and so on`,
    )
  return pem
}

function isCertificate(pem: string): boolean {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return false
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
