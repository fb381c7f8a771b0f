import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { rootCertificates, TLSSocket } from 'node:tls'
import { asyncScheduler, fromEvent, ignoreElements, type Observable, switchMap, tap, timer } from 'rxjs'
import type { Logger } from '../model.js'
import { fileFault } from '../plugin/problems.js'
import { exposure, readSmallFile, timely } from '../smallFile.js'
import { brokerName, type CaCertificate, type ClientCertificate, type BrokerOptions } from './options.js'

/** Where it is looked for when no path is given. */
export const usualCaCertificate = './certs/ca.crt'

/**
 * Reads the CA's certificate; `undefined` stands for `./certs/ca.crt`, which need not exist (then the system's roots count).
 * Rejects with an error that names the file when it cannot be read or holds no certificate.
 */
export async function readCaCertificate(path: string | undefined): Promise<CaCertificate | undefined> {
  if (path !== undefined) return { path, pem: await readCertificate(path, "the CA's certificate") }
  const isThere = await timely(usualCaCertificate, () => stat(usualCaCertificate)).then(
    () => true,
    // A share that does not answer has no code, and will say so again.
    (error: unknown) => (error as NodeJS.ErrnoException).code === undefined,
  )
  return isThere ? readCaCertificate(usualCaCertificate) : undefined
}

/** Reads a certificate of ours and its key; rejects with an error that names the files when they cannot be used, or not together. */
export async function readClientCertificate(path: string, keyPath: string): Promise<ClientCertificate> {
  const cert = await readCertificate(path)
  const { pem, key } = await readPrivateKey(keyPath)
  if (!new X509Certificate(cert).checkPrivateKey(key))
    throw new Error(
      `the key in ${keyPath} does not belong to the certificate in ${path}: are both of the same pair, and the certificate the first in its file?`,
    )
  return { path, cert, key: pem }
}

/** Reads a certificate in PEM, or several; rejects with an error that names the file when it cannot be read or holds none. */
export async function readCertificate(path: string, what = 'our certificate'): Promise<string> {
  const pem = await readPem(path, what)
  if (!isCertificate(pem))
    throw new Error(
      `there is no certificate in the file ${path}: it must be in PEM, "-----BEGIN CERTIFICATE-----" and so on`,
    )
  return pem
}

/** Reads a private key in PEM; rejects with an error that names the file, and shows nothing of it, when it cannot be used. */
export async function readPrivateKey(
  path: string,
): Promise<{ readonly pem: string; readonly key: KeyObject }> {
  const pem = await readPem(path, 'the key of our certificate')
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

function isCertificate(pem: string): boolean {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return false
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

/** Reads a file; rejects with an error that says what it is (`the CA's certificate`) and why it cannot be read. */
async function readPem(path: string, what: string): Promise<string> {
  try {
    return (await readSmallFile(path)).bytes.toString()
  } catch (error) {
    throw new Error(`${what} cannot be read from the file ${path}: ${fileFault(error)}`, { cause: error })
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

const exists = (path: string | undefined): path is string =>
  path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile() === true

/**
 * Warns 30 days before the certificate of the broker, or our own, expires: once for each, when the handshake of a socket
 * is over and daily from then on. Never emits.
 */
export function watchExpiry(options: BrokerOptions, log: Logger): (socket: Socket) => Observable<never> {
  const warned = new Set<string>()
  const client = options.tls?.client
  const own = client && new X509Certificate(client.cert).validTo
  // Whoever read the configuration has logged it then.
  if (own !== undefined && expiry(own) !== undefined) warned.add(own)
  const warn = (whose: string, validTo: string) => {
    const text = expiry(validTo)
    if (text === undefined || warned.has(validTo)) return
    warned.add(validTo)
    log.warn(`${whose} ${text}: renew it`)
  }
  return (socket) =>
    fromEvent(socket, 'secureConnect').pipe(
      switchMap(() => timer(0, day)),
      tap(() => {
        if (client && own !== undefined) warn(`our certificate in ${client.path}`, own)
        if (socket instanceof TLSSocket)
          warn(`the certificate of broker ${brokerName(options)}`, socket.getPeerCertificate().valid_to)
      }),
      ignoreElements(),
    )
}

/** What is doubtful about a certificate's file: it expires within 30 days, or others can change it. What is wrong is said elsewhere. */
export async function doubtfulCertificate(path: string): Promise<string[]> {
  try {
    const file = await readSmallFile(path)
    const ends = expiry(new X509Certificate(file.bytes).validTo)
    const exposed = exposure(file, true)
    return [...(ends ? [`the certificate in ${path} ${ends}: renew it`] : []), ...(exposed ? [exposed] : [])]
  } catch {
    return []
  }
}

/** What is doubtful about the file of a key: that others can read or change it. */
export const doubtfulKey = (path: string): Promise<string | undefined> =>
  readSmallFile(path).then(
    (file) => exposure(file, false),
    () => undefined,
  )

const day = 86_400_000

const notice = 30 * day

/**
 * Says that a certificate expires within 30 days, or has expired; `undefined` when it does not. `validTo` is as OpenSSL
 * writes it: `expiry('Dec 24 12:00:00 2026 GMT')` is `expires in 9 days, on 2026-12-24`.
 */
export function expiry(validTo: string, now = asyncScheduler.now()): string | undefined {
  const end = Date.parse(validTo)
  if (!(end - now < notice)) return undefined
  const date = new Date(end).toISOString().slice(0, 10)
  if (end <= now) return `expired on ${date}`
  const days = Math.floor((end - now) / day)
  return `expires ${days === 0 ? 'within a day' : days === 1 ? 'in 1 day' : `in ${days} days`}, on ${date}`
}
