import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { fileFault } from '../plugin/problems.js'

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

/** Reads a file; throws an error that says what it is (`the CA's certificate`) and why it cannot be read. */
function readPem(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`${what} cannot be read from the file ${path}: ${fileFault(error)}`, { cause: error })
  }
}

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
