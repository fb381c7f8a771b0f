import { X509Certificate } from 'node:crypto'
import { expiry } from './expiry.js'
import { readCertificate } from './readCertificate.js'

/** Says that the certificate in a file expires within 30 days; what else is wrong with it is said elsewhere. */
export function expiringFile(path: string): string | undefined {
  try {
    const text = expiry(new X509Certificate(readCertificate(path, 'our certificate')).validTo)
    return text && `the certificate in ${path} ${text}: renew it`
  } catch {
    return undefined
  }
}
