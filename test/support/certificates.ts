import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const runs = () => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
}

/** For `describe.skipIf`: tests that need certificates are skipped aloud without openssl, but never in CI. */
export const opensslMissing = !runs()
if (opensslMissing) {
  const advice = 'openssl is not installed: the tests that need certificates cannot run'
  if (process.env['CI'] === 'true') throw new Error(advice)
  console.warn(advice)
}

/** Makes certificates in a folder that lasts as long as the test file. */
export function certificates() {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const openssl = (...parameters: string[]) =>
    execFileSync('openssl', parameters, { cwd: folder, stdio: 'pipe' })
  const at = (name: string) => join(folder, name)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

  /** A certificate that signed itself, of a CA or of a server. */
  const selfSigned = (name: string, ...more: string[]) => {
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '365',
      ...more,
    )
    return { cert: at(`${name}.crt`), key: at(`${name}.key`) }
  }
  return {
    selfSigned,
    openssl,
    at,
    /** A certificate for these names (`DNS:localhost`) and so many days, signed by that CA. */
    signed: (
      name: string,
      ca: string,
      names: string,
      days = 365,
      { extension = `subjectAltName=${names}`, digest = '-sha256', newKey = key } = {},
    ) => {
      writeFileSync(at(`${name}.ext`), `${extension}\n`)
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
      openssl(
        'x509',
        '-req',
        digest,
        '-in',
        `${name}.csr`,
        '-CA',
        `${ca}.crt`,
        '-CAkey',
        `${ca}.key`,
        '-CAcreateserial',
        '-days',
        String(days),
        '-extfile',
        `${name}.ext`,
        '-out',
        `${name}.crt`,
      )
      return { cert: at(`${name}.crt`), key: at(`${name}.key`) }
    },
  }
}
