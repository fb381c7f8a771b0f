import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { NEVER } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/config/load.js'
import { advertisement } from '../../src/testing/advertisement.js'
import { program, temporaryFile } from '../support/program.js'
import { quietLog } from '../support/quietLog.js'
import { freezer, kitchen, seed } from '../support/seed.js'

const mayHaveBluetooth = process.platform !== 'linux' || existsSync('/sys/class/bluetooth')

/** Runs the program on a terminal of 100 columns, which \`script\` makes. */
const onTerminal = (...args: string[]) => {
  const command = ['stty', 'cols', '100', 'rows', '10;', 'exec', process.execPath, 'dist/cli.js', ...args]
  return spawnSync('script', ['-qec', command.join(' '), '/dev/null'], { encoding: 'utf8' })
}
const hasTerminal =
  spawnSync('script', ['--version']).status === 0 && spawnSync('stty', ['--version']).status === 0
if (!hasTerminal) {
  const advice = 'script and stty are not installed: the test that needs a terminal cannot run'
  if (process.env['CI'] === 'true') throw new Error(advice)
  console.warn(advice)
}

describe('scan', () => {
  it('prints a line for each device and change, then the table and what to paste, where there is no terminal', async () => {
    const file = temporaryFile('capture.jsonl', [kitchen, kitchen, freezer].join('\n'))
    const scan = program(['scan', '--replay', file, '--speed', 'max'])
    expect(await scan.exit).toBe(0)
    expect(scan.lines).toEqual([
      'a4:c1:38:11:22:33  GVH5075_2233  Govee  H5075  -61 dBm  21.7 °C 50.2 %  battery 100 %',
      'a4:c1:38:11:22:33  GVH5075_2233  Govee  H5075  -61 dBm  -7.3 °C 48.1 %  battery 100 %',
      '',
      'Devices of known brands: 1; packets heard from them and others: 3',
      '',
      expect.stringMatching(/^name +brand +model/),
      expect.stringMatching(/^GVH5075_2233 .* 3 +-7\.3 °C 48\.1 %, battery 100 % +adv +a4:c1:38:11:22:33$/),
      '',
      expect.stringContaining('To report only these'),
      '',
      'Address1 = a4:c1:38:11:22:33',
      'Destination1 = GVH5075_2233',
    ])
  })

  it.skipIf(!hasTerminal)('draws a live table on a terminal, which no name from the air can command', () => {
    const hostile = kitchen.replace('GVH5075_2233', 'GVH5075_\\u001b]0;title\\u0007')
    const file = temporaryFile('capture.jsonl', hostile)
    const { status, stdout } = onTerminal('scan', '--replay', file)
    expect(status).toBe(0)
    expect(stdout).toContain('\x1b[H\x1b[J')
    expect(stdout).toContain('GVH5075_\\u{1b}]0;title')
    expect(stdout.replaceAll('\x1b[H\x1b[J', '').replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u)
  })

  it('gives lines that a configuration understands', async () => {
    const scan = program(['scan', '--replay', temporaryFile('capture.jsonl', kitchen)])
    await scan.exit
    const lines = scan.lines.filter((line) => /^(Address|Destination)\d/.test(line)).join('\n')
    const { problems, reporter } = await load(seed(1883, { 'Connection = MQTT': lines }), {
      file: 'seed.ini',
      env: {},
      radio: () => ({ advertisements$: NEVER, state$: NEVER }),
      getLogger: quietLog,
    })
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(reporter).toBeDefined()
  })

  it.skipIf(mayHaveBluetooth)(
    'says what is missing where there is no Bluetooth, goes on, and ends cleanly on Ctrl-C',
    async () => {
      const scan = program(['scan'])
      await scan.until(/Bluetooth/)
      scan.child.kill('SIGINT')
      expect(await scan.exit).toBe(0)
      expect(scan.lines).toContain('Nothing yet.')
    },
  )

  it('ends by itself after --for, even while the capture goes on', async () => {
    const scan = program(['scan', '--replay', '-', '--for', '0.5'])
    expect(await scan.exit).toBe(0)
    expect(scan.lines).toContain('Nothing yet.')
  })

  it('ends well when nobody reads it any further', async () => {
    const scan = program(['scan', '--replay', '-'])
    scan.say(kitchen)
    await scan.until(/H5075/)
    scan.child.stdout.destroy()
    scan.say(freezer)
    expect(await scan.exit).toBe(0)
  })

  it('has the names and the Bluetooth settings of a configuration, finished or not', async () => {
    const capture = temporaryFile(
      'capture.jsonl',
      [kitchen, kitchen.replace('22:33', '22:34').replace('-61', '-95')].join('\n'),
    )
    const config = temporaryFile(
      'my.ini',
      '[Bluetooth]\nMinRssi = -90\n[Sensor0]\nClass = govee.govee_sensor.GoveeSensor\nAddress1 = A4-C1-38-11-22-33\nDestination1 = house/kitchen\n',
    )
    const scan = program(['scan', config, '--replay', capture, '--speed', 'max'])
    expect(await scan.exit).toBe(0)
    expect(scan.lines).toContainEqual(
      expect.stringMatching(/^a4:c1:38:11:22:33 {2}house\/kitchen {2}Govee {2}H5075/),
    )
    expect(scan.lines).toContain('Destination1 = house/kitchen')
    expect(scan.lines).toContainEqual(
      expect.stringMatching(/my\.ini:3: error: \[Sensor0\] Destination: missing/),
    )
    expect(scan.lines.join()).not.toContain('22:34')
  })

  it.each([
    ['is empty', ''],
    ['holds nothing but rubbish', 'this\nand that\n'],
  ])('ends with 1 and a remedy when the capture %s', async (_, text) => {
    const scan = program(['scan', '--replay', temporaryFile('capture', text), '--speed', 'max'])
    expect(await scan.exit).toBe(1)
    expect(scan.lines).toContainEqual(expect.stringMatching(/^Nothing could be read: expected .*btmon -w/))
  })

  it('ends with 3 and the reason when the capture cannot be read', async () => {
    const scan = program(['scan', '--replay', '/'])
    expect(await scan.exit).toBe(3)
    expect(scan.lines).toContainEqual(expect.stringMatching(/^Cannot read the capture \/: EISDIR/))
  })

  const key = '231d39c1d7cc1ab1aee224cd096db932'
  const { address, data = Buffer.of() } = advertisement({
    brand: 'BTHome',
    temperature: 21.7,
    humidity: 48,
    key,
  })
  const sealed = () =>
    temporaryFile('capture.jsonl', JSON.stringify({ address, data: Buffer.from(data).toString('hex') }))
  const config = (text: string) =>
    temporaryFile('my.ini', `[Sensor0]\nClass = ble.ble_sensor.BleSensor\nDestination = ble\n${text}`)
  const named = `Address1 = ${address.toUpperCase()}\nDestination1 = cellar\n`
  const reading = `${address}  cellar  BTHome  21.7 °C 48 %`

  it.each([
    ['the keys of a file', named, `${address} = ${key}`, reading],
    ['the keys of a configuration', `${named}Key1 = ${key}\n`, '', reading],
    ['those of the file first', `${named}Key1 = ${'00'.repeat(16)}\n`, `${address} = ${key}`, reading],
    ['no key', named, '', `${address}  cellar  BTHome  encrypted`],
  ])('with %s says what there is to say', async (_, section, keys, line) => {
    const args = ['scan', config(section), '--keys', temporaryFile('keys', keys), '--replay', sealed()]
    const scan = program([...args, '--speed', 'max'])
    expect(await scan.exit).toBe(0)
    expect(scan.lines[0]).toBe(line)
    expect(scan.lines.join('\n')).toContain('Key1 = ${file:a4c138112233.key}')
    expect(scan.lines.join('\n').includes('there is no key for it: read it with')).toBe(line !== reading)
    expect(scan.lines.join('\n').toLowerCase()).not.toContain(key)
  })

  it('knows from a configuration what the tank under a Mopeka holds, as decode does, and corrects nothing', async () => {
    const mopeka = { address, serviceUuids: ['fee5'], manufacturerData: '5900035bc1a4c650a8cc801b' }
    const capture = temporaryFile('capture.jsonl', JSON.stringify(mopeka))
    const water = config(`${named}Medium1 = Water\nOffset1 = temperature_c -5\n`)
    const scan = program(['scan', water, '--replay', capture, '--speed', 'max'])
    expect(await scan.exit).toBe(0)
    expect(scan.lines[0]).toMatch(/^a4:c1:38:11:22:33 {2}cellar {2}Mopeka .* 25 °C.* 1267 mm/)
    expect(scan.lines).toContain('Destination1 = cellar')
    const decode = program(['decode', capture, '--config', water])
    expect(await decode.exit).toBe(0)
    expect(JSON.parse(decode.lines[0] ?? '')).toMatchObject({
      brand: 'Mopeka',
      temperature_c: 25,
      level_mm: 1267,
    })
  })

  it('ends with 1 where the keys cannot be used', async () => {
    const scan = program(['scan', '--keys', temporaryFile('keys', key), '--replay', sealed()])
    expect(await scan.exit).toBe(1)
    expect(scan.lines).toEqual([expect.stringMatching(/keys:1: error: expected ADDRESS = KEY/)])
  })
})
