import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { firstValueFrom } from 'rxjs'
import { expect, it } from 'vitest'
import { MqttConnection } from '../../src/mqtt/mqttPlugin.js'
import { temporaryFolder } from '../support/temporaryFolder.js'
import { recordedLog } from '../support/recordedLog.js'

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
const read = (texts: Record<string, string>) => MqttConnection.options.safeParseAsync({ ...seed, ...texts })
const issues = async (texts: Record<string, string>) =>
  ((await read(texts)).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)

function file(content: string): string {
  const path = join(temporaryFolder(), 'ca.crt')
  writeFileSync(path, content)
  return path
}

it('reads the connection of the seed configuration', async () => {
  expect((await read({})).data).toMatchObject({
    Port: 1883,
    Keepalive: 10_000,
    TLS: false,
    TLSinsecure: false,
  })
})

it('takes an empty login and a keep-alive of zero', async () => {
  expect(await issues({ User: '', Password: '', Keepalive: '0' })).toEqual([])
})

it('accepts a CA in PEM, and that none is named', async () => {
  expect(await issues({ TLS: 'YES', CAcert: file(rootCertificates[0] ?? '') })).toEqual([])
  expect(await issues({ TLS: 'YES' })).toEqual([])
})

it.each([
  ['there is no such file', () => '/nowhere/ca.crt'],
  ['it is a folder', () => '/'],
  ['there is no certificate in the file', () => file('hello')],
  [
    'there is no certificate in the file',
    () => file('-----BEGIN CERTIFICATE-----\nhello\n-----END CERTIFICATE-----'),
  ],
])('says of a CAcert with its name: %s', async (fault, makePath) => {
  const path = makePath()
  const [issue, ...more] = await issues({ TLS: 'YES', CAcert: path })
  expect(issue).toContain(fault)
  expect(issue).toContain(path)
  expect(more).toEqual([])
})

it('does not ask for the file of CAcert while TLS is off', async () => {
  expect(await issues({ TLS: 'NO', CAcert: '/nowhere/ca.crt' })).toEqual([])
})

it('says what is wrong with CAcert together with everything else', async () => {
  expect(await issues({ TLS: 'YES', CAcert: '/nowhere/ca.crt', Port: '0' })).toHaveLength(2)
})

it('knows one client on one broker again, however the host is written and in whatever order', async () => {
  const identity = async (texts: Record<string, string>) => {
    const { data } = await read(texts)
    return data && MqttConnection.identity?.(data)
  }
  expect(await identity({ Host: '127.0.0.1' })).toBe(await identity({ Host: 'LOCALHOST' }))
  expect(await identity({ Host: '::1' })).toBe(await identity({}))
  expect(await identity({ Host: 'a, b' })).toBe(await identity({ Host: 'B,a' }))
  expect(await identity({ Host: 'a, b' })).not.toBe(await identity({ Host: 'a' }))
  expect(await identity({ Port: '1884' })).not.toBe(await identity({}))
  expect(await identity({ Client: 'other' })).not.toBe(await identity({}))
})

it('reads what MQTT 5, WebSockets and several hosts need', async () => {
  const texts = {
    Version: '5.0',
    MessageExpiry: '600',
    Transport: 'WS',
    Path: '/ws?a=b',
    Host: 'a.example, ::1',
  }
  expect(await issues(texts)).toEqual([])
  expect((await read(texts)).data).toMatchObject({
    Version: '5',
    MessageExpiry: 600_000,
    Transport: 'WS',
    Path: '/ws?a=b',
    Host: ['a.example', '::1'],
  })
})

const pem = '/nowhere.pem'
it.each([
  [{ Version: '3' }, /^Version: expected 3\.1\.1 or 5/],
  [{ MessageExpiry: '600' }, /^MessageExpiry: expected Version = 5 beside it, got 3\.1\.1/],
  [{ Path: '/mqtt' }, /^Path: expected Transport = ws or wss beside it, got tcp/],
  [{ Path: 'mqtt', Transport: 'ws' }, /^Path: expected a path that begins with \//],
  [{ TLS: 'YES', Transport: 'ws' }, /^TLS: it contradicts Transport = ws/],
  [{ TLS: 'NO', Transport: 'wss' }, /^TLS: it contradicts Transport = wss/],
  [{ Transport: 'quic' }, /^Transport: expected TCP, WS or WSS/],
  [{ Host: 'a,,b c' }, /^Host: expected a host name .* several with commas/],
  [{ Host: 'a, a' }, /^Host: expected/],
  [{ ServerName: '127.0.0.1' }, /^ServerName: expected a host name, not an IP address/],
  [{ TLS: 'YES', Cert: pem, Key: pem }, /^Cert: our certificate cannot be read from the file .*no such file/],
  [{ TLS: 'YES', Key: pem }, /^Cert: missing, it is required: Key is the key/],
])('says what is wrong with %j', async (texts, message) => {
  const [first] = await issues(texts)
  expect(first).toMatch(message)
})

it('lets wss stand for TLS, and looks for its files then only', async () => {
  expect(await issues({ Cert: pem, Key: pem })).toEqual([])
  const { error } = await MqttConnection.options.safeParseAsync({
    ...seed,
    TLS: undefined,
    Transport: 'wss',
    CAcert: pem,
  })
  expect(error?.issues.map(({ path }) => path.join())).toEqual(['CAcert'])
})

it.each([
  [{ Transport: 'ws' }, /expected Transport = tcp/],
  [{ Version: '5' }, /expected Version = 3\.1\.1/],
  [{ TLS: 'YES' }, /expected TLS = NO/],
])('has no embedded broker with %j', async (texts, message) => {
  const { data } = await read(texts)
  const broker$ = data && MqttConnection.broker?.(data, recordedLog().log)
  await expect(broker$ && firstValueFrom(broker$, { defaultValue: undefined })).rejects.toThrow(message)
})
