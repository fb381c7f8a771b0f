import { certificateNames } from './certificateNames.js'
import { ports } from './ports.js'
import type { Reason } from './reason.js'

const notTls: Reason = ['no TLS with broker', `does it speak TLS on this Port? ${ports}`]
const date: Reason = [
  'cannot trust broker',
  "its certificate is not valid today: renew it, or mend this machine's clock",
]
const unknownCa: Reason = [
  'cannot trust broker',
  ({ tls }) =>
    `its certificate is not signed by ${tls?.ca ? `the CA in ${tls.ca.path}` : 'a CA that this system knows'}: set CAcert to the certificate of the CA that signed it`,
]
const otherName: Reason = [
  'cannot trust broker',
  ({ host, tls }, { cause }) =>
    `its certificate is for ${certificateNames(cause)}, not for ${tls?.serverName ?? host}: set Host or ServerName to one of its names, or TLSinsecure = YES where that cannot be`,
]
const ourCertificate: Reason = [
  'certificate refused by broker',
  ({ tls }) =>
    tls?.client
      ? `it does not trust the one in ${tls.client.path}: it must be valid today and signed by a CA that the broker knows`
      : 'it wants one: set Cert and Key',
]
const oldTls: Reason = ['no TLS with broker', 'expected TLS 1.2 or newer: raise that of the broker']
/** By the code of a LinkError: what Node and OpenSSL have against a certificate or a handshake. */
export const tlsReasons: Readonly<Record<string, Reason>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  SELF_SIGNED_CERT_IN_CHAIN: unknownCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownCa,
  CERT_SIGNATURE_FAILURE: unknownCa,
  CERT_HAS_EXPIRED: date,
  CERT_NOT_YET_VALID: date,
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  EPROTO: notTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: oldTls,
  ALERT_PROTOCOL_VERSION: oldTls,
  ALERT_CERTIFICATE_REQUIRED: ourCertificate,
  ALERT_BAD_CERTIFICATE: ourCertificate,
  ALERT_CERTIFICATE_EXPIRED: ourCertificate,
  ALERT_CERTIFICATE_REVOKED: ourCertificate,
  ALERT_CERTIFICATE_UNKNOWN: ourCertificate,
  ALERT_HANDSHAKE_FAILURE: ourCertificate,
  ALERT_UNKNOWN_CA: ourCertificate,
}
