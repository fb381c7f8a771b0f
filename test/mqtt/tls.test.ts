import { once } from 'node:events'
import { createServer } from 'node:tls'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { TlsOptions } from '../../src/mqtt/mqttOptions.js'
import { readCaCertificate } from '../../src/mqtt/readCaCertificate.js'
import { certificates, opensslMissing } from '../support/certificates.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { startConnection } from './startConnection.js'

describe.skipIf(mosquittoMissing || opensslMissing)('a connection over TLS', () => {
  if (mosquittoMissing || opensslMissing) return
  const { selfSigned, signed } = certificates()
  const ca = selfSigned('ca')
  const otherCa = selfSigned('otherCa')
  const local = signed('local', 'ca', 'DNS:localhost')
  const foreign = signed('foreign', 'ca', 'DNS:broker.example,IP:192.0.2.1')
  const alone = selfSigned('alone', '-addext', 'subjectAltName=DNS:localhost')

  const trusting = ({ cert }: { cert: string }, more?: TlsOptions): TlsOptions => {
    const read = readCaCertificate(cert)
    return { ...more, ...(read && { ca: read }) }
  }
  async function connectTo(server: typeof local, tls: TlsOptions | undefined) {
    const broker = await mosquitto({ tls: server })
    await broker.start()
    return startConnection({ port: broker.port, host: 'localhost', ...(tls && { tls }) })
  }

  it('is made when the CA signed the certificate and the name is right', async () => {
    const { logged } = await connectTo(local, trusting(ca))
    await expect(logged(/./)).resolves.toMatch(/^info: connected/)
  })

  it('is refused when another CA signed the certificate, and names the file to look at', async () => {
    const { logged } = await connectTo(local, trusting(otherCa))
    const line = await logged(/./)
    expect(line).toMatch(
      /^warn: cannot trust broker localhost:\d+ .*not signed by the CA in .*otherCa\.crt: set CAcert/,
    )
  })

  it('is refused under a wrong host name, and says the right ones', async () => {
    const { logged } = await connectTo(foreign, trusting(ca))
    const line = await logged(/./)
    expect(line).toMatch(
      /certificate is for ".*broker\.example.*", not for localhost: set Host .* or TLSinsecure/,
    )
  })

  it('is made under a wrong host name with TLSinsecure', async () => {
    const { logged } = await connectTo(foreign, trusting(ca, { insecure: true }))
    await expect(logged(/./)).resolves.toMatch(/connected/)
  })

  it('is refused with TLSinsecure when another CA signed the certificate', async () => {
    const { logged } = await connectTo(foreign, trusting(otherCa, { insecure: true }))
    await expect(logged(/./)).resolves.toMatch(/cannot trust broker/)
  })

  it('is refused with TLSinsecure when the certificate signed itself', async () => {
    const { logged } = await connectTo(alone, { insecure: true })
    await expect(logged(/./)).resolves.toMatch(/not signed by a CA that this system knows: set CAcert/)
  })

  it('trusts what the system trusts when no CA is given', async () => {
    vi.stubEnv('SSL_CERT_FILE', ca.cert)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { logged } = await connectTo(local, {})
    await expect(logged(/./)).resolves.toMatch(/connected/)
  })

  it('names the ports when the broker does not speak TLS, and when it does but is not asked to', async () => {
    const plain = await mosquitto()
    await plain.start()
    const asked = startConnection({ port: plain.port, tls: trusting(ca) })
    const notAsked = await connectTo(local, undefined)
    expect(await asked.logged(/./)).toMatch(/TLS is usually on port 8883/)
    expect(await notAsked.logged(/./)).toMatch(/does it want TLS/)
  })

  it('sends nothing, least of all the password, to a broker it does not trust', async () => {
    const bytes: Buffer[] = []
    const server = createServer({ cert: readFileSync(alone.cert), key: readFileSync(alone.key) }, (socket) =>
      socket.on('error', () => undefined).on('data', (data: Buffer) => bytes.push(data)),
    ).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { logged, lines } = startConnection({
      port,
      host: 'localhost',
      tls: trusting(ca),
      login: { user: 'u', password: 'p' },
    })
    await once(server, 'connection')
    await once(server, 'connection')
    await logged(/cannot trust/)
    expect(lines).toHaveLength(1)
    expect(bytes).toEqual([])
  })
})
