import { existsSync, readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'

/** Debian and Alpine, Fedora, macOS. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
]

/**
 * The certificates of the CAs that this system trusts, in PEM; those that Node brings along where the system has none.
 * As with OpenSSL, `SSL_CERT_FILE` names another file; as with Node, `NODE_EXTRA_CA_CERTS` adds one.
 */
export function systemRoots(environment: NodeJS.ProcessEnv = process.env): string[] {
  const { SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = environment
  const bundle = [SSL_CERT_FILE, ...bundles].find(exists)
  const roots = bundle === undefined ? [...rootCertificates] : [readFileSync(bundle, 'utf8')]
  return exists(NODE_EXTRA_CA_CERTS) ? [...roots, readFileSync(NODE_EXTRA_CA_CERTS, 'utf8')] : roots
}

const exists = (path: string | undefined): path is string => path !== undefined && existsSync(path)
