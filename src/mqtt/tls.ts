import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { rootCertificates, TLSSocket } from 'node:tls'
import { fromEvent, ignoreElements, type Observable, switchMap, tap, timer } from 'rxjs'
import type { Logger } from '../model.js'
import { expiry, readCertificate } from '../plugin/certificates.js'
import { timely } from '../smallFile.js'
import { brokerName, type CaCertificate, type BrokerOptions } from './options.js'

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

const day = 86_400_000
