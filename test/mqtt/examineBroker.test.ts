import { lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { examineBroker } from '../../src/mqtt/examineBroker.js'
import type { BrokerOptions } from '../../src/mqtt/options.js'
import { readCaCertificate } from '../../src/mqtt/tls.js'
import { certificates, opensslMissing } from '../support/certificates.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { temporaryFile } from '../support/program.js'
import { tcpServer } from '../support/tcpServer.js'
import { aedesBroker } from './aedesBroker.js'
import { startConnection } from './startConnection.js'

const login = { user: 'user', password: 'hunter2' }
const users = { user: 'hunter2' }

const findings = async (options: Partial<BrokerOptions> & { port: number }) => {
  const all = {
    name: 'MQTT',
    client: 'test',
    host: 'localhost',
    keepalive: 60_000,
    rootTopic: 'root',
    ...options,
  }
  const found = await lastValueFrom(examineBroker(all).pipe(toArray()), { defaultValue: [] })
  const lines = found.map(({ ok, text }) => `${ok ? 'ok' : 'not ok'} ${text}`)
  expect(lines.join('\n')).not.toContain(login.password)
  return lines
}

describe.skipIf(mosquittoMissing)('the examination of a broker', () => {
  const started = async (...options: Parameters<typeof mosquitto>) => {
    const broker = await mosquitto(...options)
    await broker.start()
    return broker
  }

  it('goes through name, network, login and topics', async () => {
    const { port } = await started({ users })
    expect(await findings({ port, login })).toEqual([
      expect.stringMatching(/^ok localhost is (127\.0\.0\.1|::1)$/),
      `ok localhost:${port} can be reached`,
      'ok the login is accepted',
      'ok client id "test": no reporter has been seen on root/status, so it is free unless others use it',
      'ok root/ can be written',
    ])
  })

  it('ends with a login that is refused', async () => {
    const { port } = await started({ users })
    const lines = await findings({ port, login: { user: 'user', password: 'hunter22' } })
    expect(lines.at(-1)).toMatch(/^not ok login refused by broker .*check User and Password/)
    expect(lines).toHaveLength(3)
  })

  it('ends with a broker that is not there', async () => {
    const { port } = await mosquitto()
    expect((await findings({ port })).at(-1)).toMatch(
      /^not ok cannot reach broker .*ECONNREFUSED.*is it running/,
    )
  })

  it('ends with a name that does not exist', async () => {
    const lines = await findings({ port: 1883, host: 'no-such-host.invalid' })
    expect(lines).toEqual([expect.stringMatching(/^not ok cannot find broker no-such-host\.invalid:1883/)])
  })

  it('ends with one that never answers, and with one that is no broker', async () => {
    const silent = await tcpServer(() => undefined)
    const lines = await findings({ port: silent.port, host: '127.0.0.1', connectTimeout: 200 })
    expect(lines.at(-1)).toMatch(/^not ok no answer from broker/)
    const web = await tcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect((await findings({ port: web.port, host: '127.0.0.1' })).at(-1)).toMatch(
      /^not ok .*is it an MQTT broker/,
    )
  })

  it('sees the reporter that is there, and neither cuts it off nor leaves anything behind', async () => {
    const { port } = await started()
    const { heard, until } = await listener(port)
    startConnection({ port })
    await until('root/status ONLINE')
    const lines = await findings({ port })
    expect(lines).toContainEqual(
      expect.stringContaining('client id "test": a reporter is ONLINE on root/status'),
    )
    expect(heard).toEqual(['root/status ONLINE', 'root/doctor test'])
    const later = await listener(port)
    await later.until('root/status ONLINE')
    expect(later.heard).toEqual(['root/status ONLINE'])
  })

  it('knows a reporter that has signed off', async () => {
    const { port } = await started()
    const { client } = await listener(port)
    await client.publishAsync('root/status', 'OFFLINE', { retain: true, qos: 1 })
    expect(await findings({ port })).toContainEqual(
      expect.stringContaining('no reporter is ONLINE on root/status'),
    )
  })

  it.each([
    ['may write and not read', 'topic write root/#', /^ok root\/ can be written/],
    [
      'may write elsewhere only',
      'topic readwrite other/#',
      /^not ok The broker refuses messages on root\/doctor: let this user write root\/#/,
    ],
  ])('tells of a login that %s', async (_, rule, message) => {
    const acl = temporaryFile('acl', `${rule}\n`)
    const { port } = await started({ lines: [`acl_file ${acl}`] })
    expect((await findings({ port })).at(-1)).toMatch(message)
  })

  it.each([
    [
      'may write the documents',
      'topic readwrite homeassistant/device/+/config',
      /^ok homeassistant\/device\/ can be/,
    ],
    [
      'may not write the documents',
      'topic read homeassistant/#',
      /^not ok The broker refuses messages on homeassistant\/device\/sr_root_doctor\/config: for HomeAssistant = YES let this user write and read homeassistant\/device\/\+\/config and read homeassistant\/status .*topic readwrite homeassistant\/device\/\+\/config/,
    ],
  ])('tells of a login that %s for Home Assistant', async (_, rule, message) => {
    const acl = temporaryFile('acl', `topic readwrite root/#\n${rule}\n`)
    const { port } = await started({ lines: [`acl_file ${acl}`] })
    const lines = await findings({ port, homeAssistant: true })
    expect(lines.slice(-2)).toEqual(['ok root/ can be written', expect.stringMatching(message)])
    expect((await findings({ port })).at(-1)).toBe('ok root/ can be written')
  })

  it('leaves no document behind, on the prefix that is asked for', async () => {
    const { port } = await started()
    const { heard } = await listener(port)
    const lines = await findings({ port, homeAssistant: { prefix: 'ha' } })
    expect(lines.at(-1)).toBe('ok ha/device/ can be written, for Home Assistant')
    expect(heard).toEqual(['root/doctor test', 'ha/device/sr_root_doctor/config '])
    const later = await listener(port)
    await later.client.publishAsync('last', '', { qos: 1 })
    await later.until('last ')
    expect(later.heard).toEqual(['last '])
  })

  it.each([
    [
      'closes the link',
      (done: (error?: Error) => void) => done(new Error('no')),
      ', the broker closed the link:',
    ],
    ['takes it and says nothing', () => undefined, ':'],
  ])('tells of documents that a broker of MQTT 3.1.1 refuses: it %s', async (_, refuse, seen) => {
    const { port } = await aedesBroker({
      authorizePublish: (_client, { topic }, done) =>
        topic.startsWith('homeassistant/') ? refuse(done) : done(),
    })
    const lines = await findings({ port, host: '127.0.0.1', homeAssistant: true })
    expect(lines.at(-2)).toBe('ok root/ can be written')
    expect(lines.at(-1)).toContain(
      `not ok A message on homeassistant/device/sr_root_doctor/config did not come back${seen} for HomeAssistant = YES`,
    )
  })

  it('tells by what comes back where the broker speaks MQTT 3.1.1 only', async () => {
    const { port } = await aedesBroker()
    expect((await findings({ port, host: '127.0.0.1' })).at(-1)).toBe('ok root/ can be written')
  })

  it('tells by what does not come back, too', async () => {
    const { port } = await aedesBroker({
      authorizePublish: (_client, _packet, done) => done(new Error('no')),
    })
    expect((await findings({ port, host: '127.0.0.1' })).at(-1)).toMatch(
      /^not ok A message on root\/doctor did not come back, the broker closed the link: let this user write root\/#/,
    )
  })
})

describe.skipIf(mosquittoMissing || opensslMissing)('the examination of a broker with TLS', () => {
  if (mosquittoMissing || opensslMissing) return
  const { selfSigned, signed } = certificates()
  const ca = selfSigned('ca')
  const otherCa = selfSigned('otherCa')
  const local = signed('local', 'ca', 'DNS:localhost')
  const foreign = signed('foreign', 'ca', 'DNS:broker.example')
  const examine = async (server: typeof local, { cert }: { cert: string }) => {
    const { port, start } = await mosquitto({ tls: server })
    await start()
    const trusted = await readCaCertificate(cert)
    return findings({ port, ...(trusted && { tls: { ca: trusted } }) })
  }

  it('shows the certificate that is trusted', async () => {
    const lines = await examine(local, ca)
    expect(lines[2]).toMatch(/^ok its certificate is trusted: "DNS:localhost", valid until "/)
    expect(lines.at(-1)).toBe('ok root/ can be written')
  })

  it('ends with a certificate of another CA, or for another name', async () => {
    expect((await examine(local, otherCa)).at(-1)).toMatch(
      /^not ok cannot trust broker .*not signed by the CA in/,
    )
    expect((await examine(foreign, ca)).at(-1)).toMatch(/^not ok .*certificate is for .*not for localhost/)
  })
})
