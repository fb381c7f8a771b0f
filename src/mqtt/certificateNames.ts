import { quoteText } from '../config/quoteText.js'

/** The names in the certificate that Node refused (`ERR_TLS_CERT_ALTNAME_INVALID`), which come from the network. */
export function certificateNames(cause: Error | undefined): string {
  const { cert } = (cause ?? {}) as { cert?: { subjectaltname?: string; subject?: { CN?: string } } }
  return quoteText(cert?.subjectaltname ?? cert?.subject?.CN ?? '')
}
