import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { NEVER } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { load } from '../../src/config/load.js'
import { readCaCertificate } from '../../src/mqtt/readCaCertificate.js'
import { readClientCertificate } from '../../src/mqtt/readClientCertificate.js'
import { certificates, opensslMissing } from '../support/certificates.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { recordedLog } from '../support/recordedLog.js'
import { report } from '../../src/report.js'
import { startConnection } from './startConnection.js'

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
  const withCa = () => {
    const read = readCaCertificate(ca.cert)
    return read && { ca: read }
  }
  const connectWith = async (own: typeof client | undefined, more = {}) => {
    const { port } = await asking()
    return startConnection({
      port,
      host: 'localhost',
      tls: { ...withCa(), ...(own && { client: readClientCertificate(own.cert, own.key) }), ...more },
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
    const { logged, lines } = startConnection({ port: broker.port, host: 'localhost', tls: withCa() ?? {} })
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

  it('are read when they belong together', () => {
    expect(readClientCertificate(one.cert, one.key)).toEqual({
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
  ])('%s are refused with their names', (_, cert, key, message) => {
    expect(() => readClientCertificate(cert, key)).toThrow(message)
    expect(() => readClientCertificate(cert, key)).not.toThrow(/hunter2|BEGIN ENC/)
  })
})
