import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { NEVER } from 'rxjs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { load } from '../../src/config/load.js'
import type { TlsOptions } from '../../src/mqtt/options.js'
import { readCaCertificate, systemRoots } from '../../src/mqtt/tls.js'
import { expiry, readCertificatePair } from '../../src/plugin/certificates.js'
import { report } from '../../src/report.js'
import { certificates, opensslMissing } from '../support/certificates.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { recordedLog } from '../support/recordedLog.js'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { startConnection } from './startConnection.js'

describe.skipIf(mosquittoMissing || opensslMissing)('a connection over TLS', () => {
  if (mosquittoMissing || opensslMissing) return
  const { selfSigned, signed } = certificates()
  const ca = selfSigned('ca')
  const otherCa = selfSigned('otherCa')
  const local = signed('local', 'ca', 'DNS:localhost')
  const foreign = signed('foreign', 'ca', 'DNS:broker.example,IP:192.0.2.1')
  const alone = selfSigned('alone', '-addext', 'subjectAltName=DNS:localhost')

  const trusting = async ({ cert }: { cert: string }, more?: TlsOptions): Promise<TlsOptions> => {
    const read = await readCaCertificate(cert)
    return { ...more, ...(read && { ca: read }) }
  }
  async function connectTo(server: typeof local, tls: TlsOptions | undefined) {
    const broker = await mosquitto({ tls: server })
    await broker.start()
    return startConnection({ port: broker.port, host: 'localhost', ...(tls && { tls }) })
  }

  it('is made when the CA signed the certificate and the name is right', async () => {
    const { logged } = await connectTo(local, await trusting(ca))
    await expect(logged(/./)).resolves.toMatch(/^info: connected/)
  })

  it('is refused when another CA signed the certificate, and names the file to look at', async () => {
    const { logged } = await connectTo(local, await trusting(otherCa))
    const line = await logged(/./)
    expect(line).toMatch(
      /^warn: cannot trust broker localhost:\d+ .*not signed by the CA in .*otherCa\.crt: set CAcert/,
    )
  })

  it('is refused under a wrong host name, and says the right ones', async () => {
    const { logged } = await connectTo(foreign, await trusting(ca))
    const line = await logged(/./)
    expect(line).toMatch(
      /certificate is for ".*broker\.example.*", not for localhost: set Host .* or TLSinsecure/,
    )
  })

  it('is made under a wrong host name with TLSinsecure', async () => {
    const { logged } = await connectTo(foreign, await trusting(ca, { insecure: true }))
    await expect(logged(/./)).resolves.toMatch(/connected/)
  })

  it('is refused with TLSinsecure when another CA signed the certificate', async () => {
    const { logged } = await connectTo(foreign, await trusting(otherCa, { insecure: true }))
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
    const asked = startConnection({ port: plain.port, tls: await trusting(ca) })
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
      tls: await trusting(ca),
      login: { user: 'u', password: 'p' },
    })
    await once(server, 'connection')
    await once(server, 'connection')
    await logged(/cannot trust/)
    expect(lines).toHaveLength(1)
    expect(bytes).toEqual([])
  })
})

describe.skipIf(opensslMissing)('a chain of certificates that cannot be trusted', () => {
  if (opensslMissing) return
  const { selfSigned, signed } = certificates()
  const root = selfSigned('root')
  const between = signed('between', 'root', '', 365, { extension: 'basicConstraints=critical,CA:TRUE' })
  const leaf = signed('leaf', 'between', 'DNS:localhost')
  const sha1 = signed('sha1', 'root', 'DNS:localhost', 365, { digest: '-sha1' })
  const short = signed('short', 'root', 'DNS:localhost', 365, { newKey: ['-newkey', 'rsa:768', '-nodes'] })

  /** What is logged of a server that shows these certificates, by somebody who trusts that CA. */
  const firstLine = async (shown: readonly string[], key: string, ca: string) => {
    const cert = shown.map((path) => readFileSync(path, 'utf8')).join('')
    // A server that is as careless as those with such certificates are.
    const options = { cert, key: readFileSync(key), ciphers: 'DEFAULT@SECLEVEL=0' }
    const server = createServer(options).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const read = await readCaCertificate(ca)
    return startConnection({ port, host: 'localhost', tls: { ...(read && { ca: read }) } }).logged(/./)
  }

  it('is said to lack the intermediate certificate where the broker sends its own only', async () => {
    expect(await firstLine([leaf.cert], leaf.key, root.cert)).toMatch(
      /^warn: cannot trust broker .*VERIFY_LEAF_SIGNATURE\).*not signed by the CA in .*root\.crt.*have the broker send the certificate of that intermediate CA/,
    )
  })

  it.each([[[leaf.cert]], [[leaf.cert, between.cert]]])(
    'is said to lack the end where CAcert is itself signed by another: %j',
    async (shown) => {
      expect(await firstLine(shown, leaf.key, between.cert)).toMatch(
        /^warn: cannot trust broker .*the CA in .*between\.crt is itself signed by another, "CN=root": append the certificate of that one/,
      )
    },
  )

  it('is said to be weak where it is signed with SHA-1', async () => {
    expect(await firstLine([sha1.cert], sha1.key, root.cert)).toMatch(
      /^warn: cannot trust broker .*\(CERT_SIGNATURE_TOO_WEAK\): .*signed in a weak way such as SHA-1: have it made anew/,
    )
  })

  it('is said to be weak where its key is short', async () => {
    expect(await firstLine([short.cert], short.key, root.cert)).toMatch(
      /^warn: cannot trust broker .*\(CERT_KEY_TOO_WEAK\): the key of its certificate, or of its CA, is too short/,
    )
  })
})

describe.skipIf(mosquittoMissing || opensslMissing)('a connection with a certificate of its own', () => {
  if (mosquittoMissing || opensslMissing) return
  const { selfSigned, signed, at } = certificates()
  const ca = selfSigned('ca')
  selfSigned('otherCa')
  const local = signed('local', 'ca', 'DNS:localhost,DNS:broker.example')
  const client = signed('client', 'ca', 'DNS:client')
  const foreign = signed('foreign', 'otherCa', 'DNS:client')
  const ending = signed('ending', 'ca', 'DNS:localhost', 10)

  const asking = async (tls = local) => {
    const broker = await mosquitto({ tls, lines: [`cafile ${ca.cert}`, 'require_certificate true'] })
    await broker.start()
    return broker
  }
  const withCa = async () => {
    const read = await readCaCertificate(ca.cert)
    return read && { ca: read }
  }
  const connectWith = async (own: typeof client | undefined, more = {}) => {
    const { port } = await asking()
    return startConnection({
      port,
      host: 'localhost',
      tls: {
        ...(await withCa()),
        ...(own && { client: await readCertificatePair(own.cert, own.key) }),
        ...more,
      },
    })
  }

  it('is let in by a broker that asks for one', async () => {
    const { logged } = await connectWith(client)
    await expect(logged(/./)).resolves.toMatch(/^info: connected/)
  })

  it('is told that the broker asks for one where there is none', async () => {
    const { logged } = await connectWith(undefined)
    await expect(logged(/./)).resolves.toMatch(/^warn: certificate refused by broker .*set Cert and Key/)
  })

  it('is told that the broker does not trust it, and where it is', async () => {
    const { logged } = await connectWith(foreign)
    await expect(logged(/./)).resolves.toMatch(
      /^warn: certificate refused by broker .*does not trust the one in .*foreign\.crt/,
    )
  })

  it('asks for ServerName in place of the host, and verifies that', async () => {
    const right = await connectWith(client, { serverName: 'broker.example' })
    const wrong = await connectWith(client, { serverName: 'other.example' })
    await expect(right.logged(/./)).resolves.toMatch(/^info: connected/)
    await expect(wrong.logged(/./)).resolves.toMatch(/not for other\.example: set Host or ServerName/)
  })

  it('warns once, not at every link, that the certificate of the broker expires', async () => {
    const broker = await mosquitto({ tls: ending })
    await broker.start()
    const { logged, lines } = startConnection({
      port: broker.port,
      host: 'localhost',
      tls: (await withCa()) ?? {},
    })
    await logged(/connected/)
    await broker.kill()
    await broker.start()
    await logged(/connected/, lines.findIndex((line) => line.includes('connected')) + 1)
    expect(lines.filter((line) => line.includes('expire'))).toEqual([
      expect.stringMatching(
        /^warn: the certificate of broker localhost:\d+ expires in 9 days, on 20\d\d-\d\d-\d\d: renew it/,
      ),
    ])
  })

  it('is read again whenever the configuration is', async () => {
    const { port } = await asking()
    const [cert, key] = [at('own.crt'), at('own.key')]
    const install = (from: typeof client) => {
      copyFileSync(from.cert, cert)
      copyFileSync(from.key, key)
    }
    const started = async () => {
      const { log, until } = recordedLog()
      const text = `[Connection1]
Class = mqtt.mqtt_conn.MqttConnection
Name = MQTT
Client = test
User =
Password =
Host = localhost
Port = ${port}
Keepalive = 10
RootTopic = root
TLS = YES
CAcert = ${ca.cert}
Cert = ${cert}
Key = ${key}
[Sensor1]
Class = heartbeat.heartbeat.Heartbeat
Poll = 60
Num-Dest = n
Str-Dest = s`
      const { reporter, problems } = await load(text, {
        file: at('config.ini'),
        env: {},
        radio: () => ({ advertisements$: NEVER, state$: NEVER }),
        getLogger: () => log,
      })
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
      const subscription = reporter && report(reporter).subscribe()
      onTestFinished(() => subscription?.unsubscribe())
      const line = await until(/broker/)
      subscription?.unsubscribe()
      return line
    }
    install(foreign)
    await expect(started()).resolves.toMatch(/certificate refused/)
    install(client)
    await expect(started()).resolves.toMatch(/connected/)
  })
})

describe.skipIf(opensslMissing)('a certificate and its key', () => {
  if (opensslMissing) return
  const { selfSigned, openssl, at } = certificates()
  const one = selfSigned('one')
  const two = selfSigned('two')
  openssl('pkey', '-in', 'one.key', '-aes256', '-passout', 'pass:hunter2', '-out', 'encrypted.key')
  writeFileSync(at('text'), 'hunter2')

  it('are read when they belong together', async () => {
    expect(await readCertificatePair(one.cert, one.key)).toEqual({
      path: one.cert,
      cert: readFileSync(one.cert, 'utf8'),
      key: readFileSync(one.key, 'utf8'),
    })
  })

  it.each([
    [
      'of two pairs',
      one.cert,
      two.key,
      /the key in .*two\.key does not belong to the certificate in .*one\.crt/,
    ],
    ['of which the key is encrypted', one.cert, at('encrypted.key'), /is encrypted.*openssl pkey -in/],
    ['of which the key is none', one.cert, at('text'), /no private key in the file .*text/],
    [
      'of which the key is not there',
      one.cert,
      at('none'),
      /key of our certificate cannot be read .*no such file/,
    ],
    ['of which the certificate is none', one.key, one.key, /no certificate in the file .*one\.key/],
  ])('%s are refused with their names', async (_, cert, key, message) => {
    await expect(readCertificatePair(cert, key)).rejects.toThrow(message)
    await expect(readCertificatePair(cert, key)).rejects.not.toThrow(/hunter2|BEGIN ENC/)
  })
})

it('has roots on every system', () => {
  expect(systemRoots({}).join('')).toContain('-----BEGIN CERTIFICATE-----')
})

it('reads the file that the environment names, and adds the extra one, as far as they exist', () => {
  const file = join(temporaryFolder(), 'roots.pem')
  writeFileSync(file, 'these')
  expect(systemRoots({ SSL_CERT_FILE: file, NODE_EXTRA_CA_CERTS: file })).toEqual(['these', 'these'])
  expect(systemRoots({ SSL_CERT_FILE: '/dev/zero', NODE_EXTRA_CA_CERTS: '/dev/tty' })).toEqual(
    systemRoots({}),
  )
  expect(systemRoots({ SSL_CERT_FILE: '/nowhere', NODE_EXTRA_CA_CERTS: '/nowhere' })).toEqual(systemRoots({}))
})

describe('expiry', () => {
  const now = Date.parse('2026-12-01T00:00:00Z')

  it.each([
    ['Jan 1 00:00:00 2027 GMT', undefined],
    ['Dec 31 00:00:00 2026 GMT', undefined],
    ['Dec 30 23:59:59 2026 GMT', 'expires in 29 days, on 2026-12-30'],
    ['Dec 2 10:00:00 2026 GMT', 'expires in 1 day, on 2026-12-02'],
    ['Dec 1 10:00:00 2026 GMT', 'expires within a day, on 2026-12-01'],
    ['Nov 30 10:00:00 2026 GMT', 'expired on 2026-11-30'],
    ['no date', undefined],
  ])('says of a certificate valid to %s: %s', (validTo, text) => {
    expect(expiry(validTo, now)).toBe(text)
  })
})
