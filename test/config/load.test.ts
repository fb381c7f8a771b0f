import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { of } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classes } from '../../src/config/classes.js'
import { load, type Loaded, loadFile } from '../../src/config/load.js'
import { report } from '../../src/report.js'
import { check } from './check.js'
import { dummies, environment, silent } from './dummies.js'

const link = '[Connection1]\nClass = test.Link\nName = MQTT\nClient = a\nHost = localhost'

const sensor = '[Sensor0]\nClass = test.Constant\nDestination = x'

describe('load: sections', () => {
  it('finds nothing wrong with a good file', async () => {
    expect(await check(`${link}\n${sensor}\n[Logging]\nLevel = debug\n[Bluetooth]\nAdapter = hci0`)).toEqual(
      [],
    )
  })

  it('names unknown sections with what was probably meant', async () => {
    const text = `${link}\n${sensor}\n[sensor1]\n[Senser2]\n[logging]\n[ Sensor3 ]\n[Kitchen]\nKey = \${env:MISSING}`
    expect(await check(text)).toEqual([
      '9: warning: [sensor1] unknown section, did you mean [Sensor1]?',
      '10: warning: [Senser2] unknown section, did you mean [Sensor2]?',
      '11: warning: [logging] unknown section, did you mean [Logging]?',
      '12: warning: [ Sensor3 ] unknown section, did you mean [Sensor3]?',
      '13: warning: [Kitchen] unknown section, names begin with Connection, Sensor, Actuator, or are Logging, Bluetooth, DEFAULT',
    ])
  })

  it('warns of a file that connects nothing, or nothing to anything', async () => {
    expect(await check(sensor)).toEqual([
      '1: warning: there is no [Connection…] section: readings go nowhere',
    ])
    expect(await check(link)).toEqual([
      '1: warning: there is no [Sensor…] or [Actuator…] section: there is nothing to do',
    ])
  })

  it('takes what [DEFAULT] says for every section that knows it, wherever it stands', async () => {
    const text = `${link}\n[Sensor0]\nClass = test.Constant\n[DEFAULT]\ndestination = x/#\nLevel = DEBUG\nVolume = 1`
    expect(await check(text)).toEqual([
      '9: error: [DEFAULT] destination: expected a topic below RootTopic, got "x/#": + and # are wildcards, which only a subscriber may use',
      expect.stringMatching(/^11: warning: \[DEFAULT\] Volume: unknown parameter, /),
    ])
  })

  it('lets a section overrule [DEFAULT], whose value is not looked at then', async () => {
    expect(await check(`[DEFAULT]\nDestination = \${env:MISSING}\n${link}\n${sensor}`)).toEqual([])
  })
})

describe('load: classes', () => {
  it('needs a Class', async () => {
    expect(await check(`${link}\n[Sensor0]\nDestination = x`)).toEqual([
      '6: error: [Sensor0] Class: missing, it is required: what the section makes',
    ])
  })

  it.each([
    ['test.Constnat', ': did you mean test.Constant? (known: test.Constant, test.other.Constant)'],
    ['what.Ever', ' (known: test.Constant, test.other.Constant)'],
    ['constant', ': did you mean test.Constant? (known: test.Constant, test.other.Constant)'],
    ['else.constant', ': did you mean test.Constant? (known: test.Constant, test.other.Constant)'],
    ['constructor', ' (known: test.Constant, test.other.Constant)'],
    ['test.Link', ': it belongs in a section whose name begins with Connection'],
    ['test.Switch', ': it belongs in a section whose name begins with Actuator'],
  ])('says of the Class %s which ones there are', async (name, advice) => {
    expect(await check(`${link}\n[Sensor0]\nClass = ${name}\nLevel = LOUD`)).toEqual([
      `7: error: [Sensor0] Class: expected a class of sensors, got "${name}"${advice}`,
      '8: error: [Sensor0] Level: expected DEBUG, INFO, WARNING or ERROR, got "LOUD"',
    ])
  })

  it('says so when there is no class of a kind', async () => {
    expect(
      await check(`${link}\n[Actuator1]\nClass = x`, { classes: { ...dummies, actuators: {} } }),
    ).toEqual(['7: error: [Actuator1] Class: expected a class of actuators, got "x" (known: none)'])
  })

  it('loads what the file names and nothing else, not even to say what was probably meant', async () => {
    const loaded: string[] = []
    const spy = (name: string) => () => {
      loaded.push(name)
      return Promise.reject(new Error('out of order'))
    }
    const sensors = { 'test.One': spy('test.One'), 'test.Two': spy('test.Two') }
    const text = `${link}\n[Sensor0]\nClass = test.One\n[Sensor1]\nClass = test.Tow`
    expect(await check(text, { classes: { ...dummies, sensors } })).toEqual([
      expect.stringMatching(/^7: .* got "test.One": it cannot be loaded: Error: out of order/),
      expect.stringMatching(/^9: .* did you mean test.Two\?/),
    ])
    expect(loaded).toEqual(['test.One'])
  })
})

describe('load: parameters', () => {
  it('names what is missing in the line of the section, with what it is for', async () => {
    expect(await check(`[Connection1]\nClass = test.Link\n${sensor}`)).toEqual([
      '1: error: [Connection1] Name: missing, it is required: what Connection lists call it, unique in the file, such as MQTT',
      '1: error: [Connection1] Client: missing, it is required: client id',
      '1: error: [Connection1] Host: missing, it is required: host name of the broker',
    ])
  })

  it('says what was expected and what was got', async () => {
    expect(
      await check(`${link}\nPort = 70000\npause = soon\n${sensor}\nLoud = perhaps\nAddress7 = 70`),
    ).toEqual([
      '6: error: [Connection1] Port: expected an integer from 1 to 65535, got "70000"',
      '7: error: [Connection1] pause: expected a number of seconds from 0 to 2147483, got "soon"',
      '11: error: [Sensor0] Loud: expected YES or NO (or true, false, on, off, 1, 0), got "perhaps"',
      '12: error: [Sensor0] Address7: expected an integer from 1 to 9, got "70"',
    ])
  })

  it('tells what a schema finds wrong as a whole where it belongs', async () => {
    expect(await check(`${link}\n${sensor}\nValue = forbidden`)).toEqual([
      '9: error: [Sensor0] Value: forbidden is not allowed',
    ])
  })

  it('warns of what can be used but is doubtful', async () => {
    expect(await check(`${link}\nPause = 0\nRootTopic = /root\nPassword = 50%%\n${sensor}`)).toEqual([
      '6: warning: [Connection1] Pause: 0 means no pause at all',
      '7: warning: [Connection1] RootTopic: a / at the beginning or the end makes a topic level without a name: leave it out',
      '8: warning: [Connection1] Password: %% stays %%: if a single % is meant, write a single one',
    ])
  })

  it.each([
    ['Destinaton', 'did you mean Destination?'],
    ['DESTINATIN', 'did you mean Destination?'],
    ['Adress12', 'did you mean Address12?'],
    ['Address', 'did you mean Address1?'],
    ['Conection', 'did you mean Connection?'],
    [
      'Colour',
      'known are Class, Level, Connection, HomeAssistant, Name, Area, QoS, Retain, Offline, Spool, SendReadings, NumberOfReadings, Destination, Value, Loud, AddressX',
    ],
    ['Loud YES=', 'its name goes on after a space: is a = missing?'],
  ])('says of the unknown parameter %s what was probably meant', async (key, advice) => {
    const shown = key.split(' ')[0] ?? ''
    expect(await check(`${link}\n${sensor}\n${key} = 1`)).toEqual([
      `9: warning: [Sensor0] ${shown}: unknown parameter, ${advice}`,
    ])
  })

  it('with strict, what is unknown is an error, and other warnings stay warnings', async () => {
    expect(await check(`${link}\n${sensor}\nColor = %%\n[Kitchen]`, { strict: true })).toEqual([
      expect.stringMatching(/^9: warning: \[Sensor0\] Color: %%/),
      expect.stringMatching(/^9: error: \[Sensor0\] Color: unknown parameter/),
      expect.stringMatching(/^10: error: \[Kitchen\] unknown section/),
    ])
  })
})

describe('load: connections', () => {
  const other = '[Connection2]\nClass = test.Link\nName = local\nClient = b\nHost = localhost'

  it('knows the connections of a list, with or without spaces', async () => {
    expect(await check(`${link}\n${other}\n${sensor}\nConnection = MQTT,  local,`)).toEqual([])
  })

  it('says of unknown connections which ones there are', async () => {
    expect(await check(`${link}\n${other}\n${sensor}\nConnection = MQT, local, attic`)).toEqual([
      '14: error: [Sensor0] Connection: expected the Name of a connection, got "MQT": did you mean MQTT? (known: "MQTT", "local")',
      '14: error: [Sensor0] Connection: expected the Name of a connection, got "attic" (known: "MQTT", "local")',
    ])
  })

  it('says so although there is something else wrong with the connection, or there is none', async () => {
    expect(await check(`${link}\nPort = x\n${sensor}\nConnection = local\nLevel = LOUD`)).toEqual([
      expect.stringMatching(/^6: error: \[Connection1\] Port/),
      '10: error: [Sensor0] Connection: expected the Name of a connection, got "local" (known: "MQTT")',
      expect.stringMatching(/^11: error: \[Sensor0\] Level/),
    ])
    expect(await check(`${sensor}\nConnection = local`)).toContain(
      '4: error: [Sensor0] Connection: expected the Name of a connection, got "local" (known: none)',
    )
  })

  it('refuses an empty list', async () => {
    expect(await check(`${link}\n${sensor}\nConnection = ,`)).toEqual([
      '9: error: [Sensor0] Connection: expected one name or several with commas between them, got ","',
    ])
  })

  it('refuses two connections of one name, naming both lines', async () => {
    expect(await check(`${link}\n${other.replace('local', 'MQTT')}\n${sensor}`)).toEqual([
      '8: error: [Connection2] Name: same Name "MQTT" as [Connection1] (line 3): every connection needs its own',
    ])
  })

  it('refuses two connections that their broker could not tell apart, naming both lines', async () => {
    expect(await check(`${link}\n${other.replace('= b', '= a')}\n${sensor}`)).toEqual([
      '9: error: [Connection2] Client: same Client on the same broker as [Connection1] (line 4): the broker would let only one of them in',
    ])
    expect(await check(`${link}\n${other.replace('= b', '= a')}\nPort = 1884\n${sensor}`)).toEqual([])
  })
})

describe('load: secrets', () => {
  it('warns of a password in a file that everybody can read, but not of a reference or an empty one', async () => {
    const passwords = ['hunter2', '${env:PASSWORD}', '']
    const [literal, reference, empty] = await Promise.all(
      passwords.map((password) =>
        check(`${link}\nPassword = ${password}\n${sensor}`, {
          readableByOthers: true,
          env: { PASSWORD: 'x' },
        }),
      ),
    )
    expect(literal).toEqual([
      '6: warning: [Connection1] Password: everybody on this machine can read it: chmod o-r, or write ${env:NAME} or ${file:PATH}',
    ])
    expect([reference, empty]).toEqual([[], []])
  })

  it('says which secret cannot be had, and nothing else about the value', async () => {
    expect(await check(`${link}\nPort = \${env:PORT}\n${sensor}`)).toEqual([
      '6: error: [Connection1] Port: the environment variable PORT is not set: set it for the service (Environment=) or shell',
    ])
  })

  it('says nothing further of a parameter whose secret cannot be had', async () => {
    const text =
      '[Connection1]\nClass = ${env:A}\nName = ${env:B}\n[Connection2]\nClass = ${env:A}\nName = ${env:B}'
    expect((await check(`${text}\n${sensor}`)).map((line) => line.slice(0, line.indexOf(' is not')))).toEqual(
      [
        '2: error: [Connection1] Class: the environment variable A',
        '3: error: [Connection1] Name: the environment variable B',
        '5: error: [Connection2] Class: the environment variable A',
        '6: error: [Connection2] Name: the environment variable B',
      ],
    )
  })

  it('never shows a value that came from a secret, in whatever parameter', async () => {
    const words = (text: string) => fc.constantFrom(...text.split(' '))
    const sections = fc.dictionary(
      words('Connection1 Connection2 Sensor0 Actuator0 Logging DEFAULT Other'),
      fc.dictionary(
        words(
          'Class Name Client Host Port Pause RootTopic Level Connection Destination Value Loud Address1 Syslog',
        ),
        fc.constantFrom(
          '${env:S}',
          'a ${env:S}',
          '${env:S}/#',
          '${env:S}\n  ${env:S}',
          '${file:${env:S}}',
          'x',
        ),
      ),
    )
    const write = ([name, options]: [string, Record<string, string>]) => {
      const base = { Class: name.startsWith('Sensor') ? 'test.Constant' : 'test.Link', Password: 'hunter2' }
      const lines = Object.entries({ ...base, ...options }).map(([key, value]) => `${key} = ${value}`)
      return [`[${name}]`, ...lines].join('\n')
    }
    await fc.assert(
      fc.asyncProperty(sections, fc.boolean(), async (written, strict) => {
        const text = Object.entries(written).map(write).join('\n')
        const lines = await check(text, { env: { S: 'hunter2 +' }, strict, readableByOthers: true })
        expect(lines.join('\n')).not.toContain('hunter2')
      }),
    )
  })
})

const fail = (error: unknown) => expect.unreachable(String(error))

describe('load', () => {
  it('tells all problems at once, by line', async () => {
    const lines = await check(
      `stray\n${link}\nPort = x\nPort = 1\n${sensor}\nstray\nConnection = no\n[Sensor0]`,
    )
    expect(lines.map((line) => parseInt(line, 10))).toEqual([1, 7, 8, 12, 13, 14])
  })

  it('takes any text without rejecting', async () => {
    const pieces = fc.constantFrom(
      link,
      sensor,
      '[DEFAULT]',
      '[Logging]',
      '\n',
      ' ',
      ' = ',
      ':',
      ',',
      '${env:',
      '${file:',
      '}',
      '%%',
      'Class',
      'Name',
      'Connection',
      'Level',
      'Destination',
      'Port',
      'AddressX',
      'Address1',
      'test.Constant',
      '__proto__',
      'constructor',
      '#',
      ';',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))),
        fc.boolean(),
        async (parts, strict) => {
          const { problems, reporter } = await load(parts.join(''), { ...environment, strict })
          expect(reporter === undefined).toBe(problems.some(({ severity }) => severity === 'error'))
        },
      ),
    )
  })

  it('has options for the log and the radio, also when nothing is said about them', async () => {
    expect(await load('', environment)).toMatchObject({
      logging: { level: 'INFO', syslog: false, maxSize: 10_485_760, numFiles: 5 },
      bluetooth: { silence: 90_000, restart: 900_000, expire: 600_000 },
    })
    const text =
      '[Logging]\nLevel = error\nSyslog = yes\nFile = x.log\nMaxSize = 0\nNumFiles = 1\n[Bluetooth]\nAdapter = hci0,hci1\nSilence = 90'
    expect(await load(text, environment)).toMatchObject({
      logging: { level: 'ERROR', syslog: true, file: 'x.log', maxSize: 0, numFiles: 1 },
      bluetooth: { adapters: ['hci0', 'hci1'], silence: 90_000 },
    })
  })

  it('asks for no logger before the reporter is subscribed to, and then for each at its level', async () => {
    const asked: unknown[] = []
    const getLogger = (...name: unknown[]) => {
      asked.push(name)
      return silent
    }
    const { reporter } = await load(`${link}\nLevel = debug\n${sensor}`, { ...environment, getLogger })
    const commands$ = reporter && report(reporter)
    expect(asked).toEqual([])
    commands$?.subscribe({ error: fail }).unsubscribe()
    expect(asked).toEqual([
      ['Connection1', 'DEBUG'],
      ['Sensor0', undefined],
    ])
  })

  it('makes a reporter that addresses readings as Connection says, and ends when told to', async () => {
    const other = '[Connection2]\nClass = test.Link\nName = local\nClient = b\nHost = localhost'
    const text = `${link}\n${other}\n${sensor}\nConnection = MQTT\n[Sensor1]\nClass = test.Constant\nDestination = y\nValue = p#ss;\n[Actuator0]\nClass = test.Switch\nDestination = z`
    const { reporter, problems } = await load(text, environment)
    expect(problems).toEqual([])
    const running: string[] = []
    if (!reporter) throw new Error('the configuration cannot be used')
    const subscription = report(reporter).subscribe({
      next: ({ source, payload }) => running.push(`${source}: ${payload}`),
      error: fail,
      complete: () => running.push('completed'),
    })
    expect(running).toEqual([
      'Connection1/x: 1 to MQTT',
      'Connection2/x: 1 to MQTT',
      'Connection1/y: p#ss;',
      'Connection2/y: p#ss;',
    ])
    subscription.unsubscribe()
    report({ ...reporter, stop$: of(true) }).subscribe({
      error: fail,
      complete: () => running.push('completed'),
    })
    expect(running.slice(4)).toEqual(['completed'])
  })

  it('goes on with what is the same, and makes anew what has changed, or uses what has', async () => {
    const text = (value: number, host = 'localhost') =>
      `${link}\nLevel = ${host === 'localhost' ? 'info' : 'debug'}\n${sensor}\n[Sensor1]\nClass = test.Constant\nDestination = y\nValue = ${value}\n[Actuator0]\nClass = test.Switch\nDestination = z`
    const first = await load(text(1), environment)
    const same = await load(text(1), environment, first)
    const changed = await load(text(2), environment, same)
    const elsewhere = await load(text(2, 'elsewhere'), environment, changed)
    const parts = ({ reporter }: Loaded) => [
      ...(reporter?.connections ?? []),
      ...(reporter?.sensors ?? []),
      ...(reporter?.actuators ?? []),
    ]
    const kept = (before: Loaded, after: Loaded) => parts(after).map((part, at) => part === parts(before)[at])
    // A connection, what those who show it and it are told of others at each reload, two sensors, the state of the radio, what keeps it running, an actuator.
    expect(kept(first, same)).toEqual([true, false, false, true, true, true, true, true])
    expect(kept(same, changed)).toEqual([true, false, false, true, false, true, true, true])
    expect(kept(changed, elsewhere)).toEqual([false, false, false, false, false, false, true, false])
  })

  it('reads the example that ships, with the real classes', async () => {
    const file = fileURLToPath(new URL('../../config/sensor_reporter.ini', import.meta.url))
    expect(await check(readFileSync(file, 'utf8'), { file, classes, strict: true })).toEqual([])
  })
})

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

const write = (content: string | Buffer, mode = 0o600) => {
  const path = join(folder, 'x.ini')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('loadFile', () => {
  const problemsOf = async (path: string) => (await loadFile(path, environment)).problems

  it.each([
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o604, true],
  ])('knows whether everybody can read a file with the mode %o', async (mode, readableByOthers) => {
    const problems = await problemsOf(write('[Größe]\nPassword = x\n', mode))
    expect(problems).toContainEqual(expect.objectContaining({ line: 1, section: 'Größe' }))
    const warned = problems.some(({ message }) => message.startsWith('everybody on this machine can read it'))
    expect(warned).toBe(readableByOthers)
  })

  it('names every line that is not UTF-8', async () => {
    const bytes = Buffer.from('[S]\r\nKey = h\xe4\rOther = 1\nThird = \xff', 'latin1')
    const message = 'expected UTF-8, got other bytes: save the file as UTF-8'
    expect(await problemsOf(write(bytes))).toEqual(
      [2, 4].map((line) => ({ severity: 'error', line, message })),
    )
  })

  it('says that there is no such file, or that it is a folder', async () => {
    mkdirSync(join(folder, 'folder'))
    const placed = async (name: string) =>
      (await problemsOf(join(folder, name))).map(({ line, message }) => [line, message])
    expect(await placed('missing.ini')).toEqual([[0, 'cannot read the configuration: there is no such file']])
    expect(await placed('folder')).toEqual([[0, 'cannot read the configuration: it is a folder']])
  })

  it.skipIf(process.getuid?.() === 0)('says that it may not read a file', async () => {
    expect((await problemsOf(write('[S]', 0o000)))[0]?.message).toBe(
      'cannot read the configuration: its permissions do not let this user read it',
    )
  })
})
