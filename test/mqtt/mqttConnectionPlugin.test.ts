import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { MqttConnection } from '../../src/mqtt/mqttConnectionPlugin.js'

const seed = {
  Name: 'MQTT',
  Client: 'test',
  User: 'user',
  Password: 'password',
  Host: 'localhost',
  Port: '1883',
  Keepalive: '10',
  RootTopic: 'sensor_reporter',
  TLS: 'NO',
}
const read = (texts: Record<string, string>) => MqttConnection.options.safeParse({ ...seed, ...texts })
const issues = (texts: Record<string, string>) =>
  (read(texts).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)

function file(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ca-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'ca.crt')
  writeFileSync(path, content)
  return path
}

it('reads the connection of the seed configuration', () => {
  expect(read({}).data).toMatchObject({ Port: 1883, Keepalive: 10_000, TLS: false, TLSinsecure: false })
})

it('takes an empty login and a keep-alive of zero', () => {
  expect(issues({ User: '', Password: '', Keepalive: '0' })).toEqual([])
})

it('accepts a CA in PEM, and that none is named', () => {
  expect(issues({ TLS: 'YES', CAcert: file(rootCertificates[0] ?? '') })).toEqual([])
  expect(issues({ TLS: 'YES' })).toEqual([])
})

it.each([
  ['there is no such file', () => '/nowhere/ca.crt'],
  ['it is a folder', () => '/'],
  ['there is no certificate in the file', () => file('hello')],
  [
    'there is no certificate in the file',
    () => file('-----BEGIN CERTIFICATE-----\nhello\n-----END CERTIFICATE-----'),
  ],
])('says of a CAcert with its name: %s', (fault, makePath) => {
  const path = makePath()
  const [issue, ...more] = issues({ TLS: 'YES', CAcert: path })
  expect(issue).toContain(fault)
  expect(issue).toContain(path)
  expect(more).toEqual([])
})

it('does not ask for the file of CAcert while TLS is off', () => {
  expect(issues({ TLS: 'NO', CAcert: '/nowhere/ca.crt' })).toEqual([])
})

it('says what is wrong with CAcert together with everything else', () => {
  expect(issues({ TLS: 'YES', CAcert: '/nowhere/ca.crt', Port: '0' })).toHaveLength(2)
})

it('knows one client on one broker again, however the host is written', () => {
  const identity = (texts: Record<string, string>) => {
    const { data } = read(texts)
    return data && MqttConnection.identity?.(data)
  }
  expect(identity({ Host: '127.0.0.1' })).toBe(identity({ Host: 'LOCALHOST' }))
  expect(identity({ Host: '::1' })).toBe(identity({}))
  expect(identity({ Port: '1884' })).not.toBe(identity({}))
  expect(identity({ Client: 'other' })).not.toBe(identity({}))
})
