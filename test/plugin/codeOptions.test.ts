import { NEVER, of } from 'rxjs'
import { bleReports, bleSensor, goveeSensor, localConnection, mqttConnection } from 'sensor-reporter'
import { describe, expect, it } from 'vitest'
import { logInCode, wordsOfCode } from '../../src/plugin/codeOptions.js'
import { recordedLog } from '../support/recordedLog.js'

describe('Options in code', () => {
  const connection = (options: object) => () =>
    mqttConnection({ host: 'localhost', ...options }, recordedLog().log)

  it.each([
    [
      { host: 'mqtt://broker' },
      'mqttConnection: host: expected a host name or an IP address, got "mqtt://broker": leave out the protocol; port, user and TLS have options of their own',
    ],
    [{ host: undefined }, 'mqttConnection: host: missing, it is required'],
    [{ port: 99_999 }, 'mqttConnection: port: expected an integer from 1 to 65535, got 99999'],
    [{ port: '1883' }, 'mqttConnection: port: expected a number, got "1883"'],
    [{ port: NaN }, 'mqttConnection: port: expected an integer from 1 to 65535, got NaN'],
    [
      { rootTopic: 'a/#' },
      'mqttConnection: rootTopic: expected a topic, got "a/#": + and # are wildcards, which only a subscriber may use',
    ],
    [{ delivery: { qos: 5 } }, 'mqttConnection: delivery.qos: expected 0, 1 or 2, got 5'],
    [
      { delivery: { offline: { last: 0 } } },
      'mqttConnection: delivery.offline: expected none, latest, last N (N from 1 to 100000) or all, got "last 0"',
    ],
    [
      { keepalive: -1 },
      'mqttConnection: keepalive: expected a number of milliseconds from 0 to 65535000, got -1',
    ],
    [
      { login: { user: 'home', password: 5 } },
      'mqttConnection: login.password: expected a text, got a secret value',
    ],
    [
      { commandSources: ['lamp', 'a/+'] },
      'mqttConnection: commandSources[1]: expected a topic below rootTopic, got "a/+": + and # are wildcards, which only a subscriber may use',
    ],
  ])('%o are refused', (options, message) => {
    expect(connection(options)).toThrow(new TypeError(message))
  })

  it('are refused with all their faults at once', () => {
    expect(connection({ port: 0, rootTopic: '' })).toThrow(/port: .*\n.*rootTopic: .*it may not be empty$/)
  })

  it.each([
    [{}, 'destination: missing, it is required'],
    [{ destination: 'g/#' }, 'destination: expected a topic below rootTopic, got "g/#": + and # are'],
    [
      { destination: 'g', devices: { 'a4:c1': 'attic' } },
      'devices["a4:c1"]: expected a Bluetooth address such as A4:C1:38:11:22:33, got "a4:c1"',
    ],
    [
      { destination: 'g', devices: { 'a4:c1:38:11:22:33': 'status' } },
      'devices["a4:c1:38:11:22:33"]: expected a topic below rootTopic, got "status": status, refresh, health and bluetooth below rootTopic are the program\'s own',
    ],
  ])('of a sensor: %o are refused', (options, message) => {
    const given = options as { destination: string }
    expect(() => goveeSensor(NEVER, given)).toThrow(TypeError)
    expect(() => bleSensor(NEVER, given)).toThrow(`bleSensor: ${message}`)
    expect(() => bleReports(NEVER, given)).toThrow(`bleReports: ${message}`)
  })

  it('of a connection within the machine are refused, also where they contradict each other', () => {
    expect(() => localConnection({ commandSources: ['a/#'] })).toThrow('commandSources[0]: expected a topic')
    expect(() => localConnection({ commandSources: [], onGt: 3, offLt: 4 })).toThrow(
      new TypeError('localConnection: offLt: expected a number that is not above onGt'),
    )
  })
})

describe('The words of code', () => {
  it('are those of its options, but not in quotes and not in paths', () => {
    expect(wordsOfCode('check User and Password, Port and Host of "Host" in /etc/Host.crt')).toBe(
      'check login, port and host of "Host" in /etc/Host.crt',
    )
  })

  it('are those of its log', () => {
    const { log, lines } = recordedLog()
    const { warn, info } = logInCode(log)
    warn('each needs a Client of its own')
    info('connected')
    expect(lines).toEqual(['warn: each needs a client of its own', 'info: connected'])
  })
})

it('what is left open of a connection needs no option', () => {
  expect(() => of().pipe(mqttConnection({ host: 'localhost' }))).not.toThrow()
})
