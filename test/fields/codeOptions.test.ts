import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstValueFrom, NEVER, of } from 'rxjs'
import * as library from 'sensor-reporter'
import { bleReports, bleSensor, goveeSensor, localConnection, mqttConnection } from 'sensor-reporter'
import { describe, expect, it } from 'vitest'
import { logInCode, wordsOfCode } from '../../src/fields/codeOptions.js'
import { recordedLog } from '../support/recordedLog.js'
import { temporaryFolder } from '../support/temporaryFolder.js'

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

const chip = library.simulatedGpio()
const climate = {
  period: 1000,
  temperature: { destination: 'a', decimals: 1 },
  humidity: { destination: 'b', decimals: 1 },
}
const address = 'a4:c1:38:11:22:33'
const ble = { destination: 'air', devices: { [address]: 'attic' }, offsets: { [address]: { humidity: 1 } } }
const when = { interval: 1000, onChange: true, expire: 0 }
const radio = { adapters: ['hci0', '00:1A:7D:DA:71:13'], silence: 0, restart: 0, minRssi: -90, expire: 0 }
const pem = '-----BEGIN CERTIFICATE-----'

/** All that takes options: how it is called, the least that it needs, and what else there is. */
const takers: readonly [name: string, call: (options: never) => unknown, needed: object, others: object][] = [
  ['advertisements', (options) => library.advertisements(console, options), {}, radio],
  ['aht20Sensor', library.aht20Sensor, climate, { unit: 'F', smoothing: true, root: '/sys' }],
  [
    'arpSensor',
    library.arpSensor,
    { mac: 'AA-bb-cc-dd-ee-ff', destination: 'a', period: 1 },
    { table: '/arp' },
  ],
  [
    'bleReports',
    (options) => bleReports(NEVER, options),
    { destination: 'air' },
    { ...ble, brands: ['ruuvi'], formats: [], keys: { [address]: 'aa'.repeat(16) } },
  ],
  [
    'bleSensor',
    (options) => bleSensor(NEVER, options),
    { destination: 'air' },
    { ...ble, ...when, brands: ['Ruuvi'], formats: [], keys: {} },
  ],
  ['bluetoothRadio', (options) => library.bluetoothRadio(console, options), {}, radio],
  [
    'btleSensor',
    (options) => library.btleSensor(NEVER, options),
    { devices: [[address, 'a']], within: 1 },
    { values: ['in', 'out'] },
  ],
  ['dhtSensor', library.dhtSensor, { pin: 4, ...climate }, { unit: 'C', smoothing: 4, root: '/sys' }],
  [
    'ds18x20Sensor',
    library.ds18x20Sensor,
    { device: '28-a66c801e64ff', destination: 'a', period: 1 },
    { unit: 'C', smoothing: true, root: '/sys' },
  ],
  [
    'embeddedBroker',
    library.embeddedBroker,
    {},
    { host: '::1', port: 0, user: 'a', password: '', connectWithin: 1, mostConnections: 1, log: console },
  ],
  [
    'execActuator',
    library.execActuator,
    { commandSrc: 'a', resultsDest: 'b', command: ['echo', ';'] },
    { stateDest: 'c', argsAfter: ['--'], timeout: 1, parallel: 2, maxOutput: 1, variables: ['HOME'] },
  ],
  [
    'execSensor',
    library.execSensor,
    { destination: 'a', script: ['echo', ''], period: 1 },
    { maxOutput: 1, variables: [] },
  ],
  ['goveeReports', (options) => library.goveeReports(NEVER, options), { destination: 'air' }, ble],
  ['goveeSensor', (options) => goveeSensor(NEVER, options), { destination: 'air' }, { ...ble, ...when }],
  [
    'gpioButton',
    (options) => library.gpioButton(chip, options),
    { line: 19, commandSource: 'a' },
    { initial: true, duration: 1 },
  ],
  [
    'gpioSensor',
    (options) => library.gpioSensor(chip, options),
    { line: 0, destination: 'a' },
    {
      pull: 'up',
      debounce: 0,
      values: ['a', 'b'],
      edges: 'RISING',
      button: { pressedLevel: true, shortest: 0, long: 1, shortDestination: 'a', longDestination: 'b' },
    },
  ],
  [
    'gpioSwitch',
    (options) => library.gpioSwitch(chip, options),
    { line: 19, commandSource: 'a' },
    { stateDestination: 'c', toggleSource: 'b', initial: true, invert: true, toggleDebounce: 0 },
  ],
  ['heartbeat', library.heartbeat, { period: 1000, numberDestination: 'a', textDestination: 'b' }, {}],
  [
    'localConnection',
    localConnection,
    { commandSources: ['a'] },
    { name: 'a', onGt: 1, offLt: 0, onEq: undefined, onLt: undefined, offGt: undefined, hold: 1 },
  ],
  [
    'logicGate',
    (options) => library.logicGate(Boolean, options),
    { inputs: ['a'], outputs: ['b'] },
    { enableSrc: 'c', values: ['0', '1'] },
  ],
  [
    'mqttConnection',
    mqttConnection,
    { host: 'localhost' },
    {
      ...{
        name: 'a',
        client: 'b',
        login: { user: '', password: '' },
        fallbackHosts: ['::1'],
        port: 1,
        version: '5',
      },
      ...{ webSocketPath: '/mqtt', keepalive: 0, rootTopic: 'a', commandSources: NEVER, messageExpiry: 1000 },
      ...{ format: 'both', delivery: { qos: 1, retain: true, offline: { last: 3 }, spool: '/spool' } },
      ...{
        spools: { home: '/spool' },
        spoolSize: 65_536,
        health: 0,
        connectTimeout: 1,
        acknowledgeTimeout: 1,
      },
      tls: {
        ca: { path: '/ca', pem },
        client: { path: '/c', cert: pem, key: pem },
        serverName: 'a',
        insecure: true,
      },
      ...{ closeTimeout: 1, backoff: { first: 1, longest: 2 } },
    },
  ],
  [
    'webConnection',
    library.webConnection,
    {},
    {
      ...{ name: 'web', host: 'localhost', port: 1, password: 'secret', hostNames: ['a'], basePath: '/a' },
      ...{ tls: { cert: pem, key: pem }, history: '/h', historyStep: 1, commandSources: ['a'] },
    },
  ],
  [
    'openLogging',
    library.openLogging,
    { level: 'WARNING', syslog: false, maxSize: 0, numFiles: 0 },
    { file: join(tmpdir(), 'log') },
  ],
  ['openSpool', (options) => library.openSpool('/spool', options), {}, { size: 65_536, log: console }],
  [
    'outbox',
    (options) => library.outbox(NEVER, options),
    {},
    {
      ...{ delivery: { offline: 'all' }, acknowledged$: NEVER, spools$: NEVER, limit: 1, window: 1, rate: 1 },
      ...{ counts: {}, onDrop: () => undefined, patience: 0, onEnd: () => undefined },
    },
  ],
  ['poll', (options) => library.poll(1, () => 1, options), {}, { timeout: 1, log: console }],
  [
    'queued',
    (options) => library.queued((value) => [value], options),
    {},
    { parallel: 1, waiting: 0, log: console },
  ],
  [
    'report',
    library.report,
    { sensors: [], connections: [] },
    { actuators: [], isGone: () => false, log: console, stop$: NEVER },
  ],
  ['replay', library.replay, { source: 'a.jsonl' }, { speed: 'max', log: console, ready$: NEVER }],
]

/** What takes anything. */
const open = ['log', 'counts', 'onEq']

describe('Every function that takes options', () => {
  it('is looked at here', () => {
    const api = readFileSync(new URL('../api/index.api.md', import.meta.url), 'utf8')
    const taking = [...api.matchAll(/^export (?:const|function) (\w+).*\b\w+Options\b/gm)].map(
      ([, name]) => name,
    )
    expect(takers.map(([name]) => name).sort()).toEqual(taking.sort())
  })

  describe.each(takers)('%s', (name, call, needed, others) => {
    const given = (options: object) => () => call(options as never)
    const sound = { ...needed, ...others }

    it('takes what is needed, and all that there is', () => {
      expect(given(needed)).not.toThrow()
      expect(given(sound)).not.toThrow()
    })

    it.each(Object.keys(needed))('says that %s is missing', (key) => {
      expect(given({ ...needed, [key]: undefined })).toThrow(
        new RegExp(`^${name}: ${key}: (missing|expected)`, 'm'),
      )
    })

    it.each(Object.keys(sound).filter((key) => !open.includes(key)))('refuses %s that is none', (key) => {
      expect(given({ ...sound, [key]: Symbol('none') })).toThrow(TypeError)
      expect(given({ ...sound, [key]: Symbol('none') })).toThrow(
        new RegExp(
          `^${name}: ${key.replace('$', '.')}: expected .*, got (Symbol\\(none\\)|a secret value)$`,
          'm',
        ),
      )
    })

    it.each(Object.keys(sound))('names %s for what is nearly that', (key) => {
      const misspelt = `${key.slice(0, -1)}_`
      expect(given({ ...needed, [misspelt]: 1 })).toThrow(
        new RegExp(`^${name}: there is no option "${misspelt.replace('$', '.')}", did you mean `, 'm'),
      )
    })

    it('refuses what are no options', () => {
      expect(given(5 as never)).toThrow(new TypeError(`${name}: expected an object of options, got 5`))
    })
  })

  it.each([
    [
      () => mqttConnection({ hots: 'localhost' } as never),
      'mqttConnection: host: missing, it is required\nmqttConnection: there is no option "hots", did you mean host?',
    ],
    [
      () => mqttConnection({ host: 'a', tls: { pem } } as never),
      'mqttConnection: tls: there is no option "pem", only ca, client, serverName, insecure',
    ],
    [
      () => mqttConnection({ host: 'a', tls: { ca: { path: '/ca', pem: 'secret' } } }),
      'mqttConnection: tls.ca.pem: expected a text in PEM, "-----BEGIN …-----" and so on, got a secret value',
    ],
    [
      () => library.execSensor({ destination: 'a', script: [], period: 0 }),
      'execSensor: script: expected a program, then its arguments, got no program\nexecSensor: period: expected a number of milliseconds from 1 to 2147483000, got 0',
    ],
    [
      () => library.execSensor({ destination: 'a', script: 'uname -r' as never, period: 1 }),
      'execSensor: script: expected an array, got "uname -r"',
    ],
    [
      () => library.gpioSensor(chip, { line: 1 }),
      'gpioSensor: destination: missing, it is required where button has neither a shortDestination nor a longDestination',
    ],
    [
      () => library.gpioSensor(chip, { line: 1, button: { longDestination: 'a' } }),
      'gpioSensor: button.long: missing, longDestination needs it: milliseconds from which on a press is a long one',
    ],
    [
      () => library.gpioSensor(chip, { line: 1, destination: 'a', edges: 'rising' as never }),
      'gpioSensor: edges: expected RISING, FALLING or BOTH, got "rising"',
    ],
    [
      () => library.embeddedBroker({ port: 0, user: 'a' }),
      'embeddedBroker: expected user and password, or neither of them, got only one',
    ],
    [
      () => library.logicGate(Boolean, { inputs: ['a'], outputs: ['b'], values: ['a'] as never }),
      'logicGate: values: expected 2 of them, got 1',
    ],
    [
      () => bleSensor(NEVER, { destination: 'a', offsets: { [address]: { temp: 1 } } }),
      `bleSensor: offsets["${address}"].temp: expected a measured quantity such as temperature_c, got "temp"`,
    ],
    [
      () => library.replay({ source: 'a', speed: 0 }),
      'replay: speed: expected a number above 0, or max, got 0',
    ],
  ])('%s says what is wrong', (call, message) => {
    expect(call).toThrow(new TypeError(message))
  })

  it('reads them as a file is read', async () => {
    const table = join(temporaryFolder(), 'arp')
    writeFileSync(table, '192.168.1.2 0x1 0x2 aa:bb:cc:dd:ee:ff * eth0\n')
    const phone$ = library.arpSensor({ mac: 'AA-BB-CC-DD-EE-FF', destination: 'phone', period: 1000, table })
    expect(await firstValueFrom(phone$, { defaultValue: undefined })).toMatchObject({
      destination: 'phone',
      value: 'ON',
    })
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
