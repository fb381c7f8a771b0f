import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { asyncScheduler } from 'rxjs'
import { fileFault } from '../fields/problems.js'
import { exposure, readSmallFile } from '../smallFile.js'
import type { FileContents } from './plugin.js'

/** The text of a file that was read with the configuration. */
export function textIn(files: FileContents, path: string): string {
  const bytes = files[path]
  if (!bytes) throw new Error(`the file ${path} could be read, and then no more: reload the configuration`)
  return bytes.toString()
}

/** A certificate and its private key, both in PEM, and the file that the certificate came from. */
interface CertificatePair {
  readonly path: string
  readonly cert: string
  readonly key: string
}

/** Reads a certificate of ours and its key; rejects with an error that names the files when they cannot be used, or not together. */
export async function readCertificatePair(path: string, keyPath: string): Promise<CertificatePair> {
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

/** What is wrong with the files of a certificate and its key, by parameter; what is not named is not read. */
export async function pairFaults({
  Cert,
  Key,
}: {
  readonly Cert?: string | undefined
  readonly Key?: string | undefined
}): Promise<{ readonly Cert?: string | undefined; readonly Key?: string | undefined }> {
  const cert = Cert && (await fault(readCertificate(Cert)))
  const key = Key && (await fault(readPrivateKey(Key)))
  const isPair = Cert && Key && cert === undefined && key === undefined
  return { Cert: cert, Key: isPair ? await fault(readCertificatePair(Cert, Key)) : key }
}

/** Why something could not be had. */
export const fault = (read: Promise<unknown>): Promise<string | undefined> =>
  read.then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  )
