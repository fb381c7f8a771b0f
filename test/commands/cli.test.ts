import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { program, temporaryFile } from '../support/program.js'
import { freezer, kitchen, seed } from '../support/seed.js'

describe('check', () => {
  it('finds nothing wrong with the seed configuration', async () => {
    const checked = program(['check', temporaryFile('seed.ini', seed(1883))])
    expect(await checked.exit).toBe(0)
    expect(checked.lines).toHaveLength(1)
    expect(checked.lines[0]).toMatch(/seed\.ini can be used/)
  })

  it('warns of an unknown parameter and names the nearest; strictly it is an error', async () => {
    const file = temporaryFile(
      'seed.ini',
      seed(1883, { 'Destination = govee': 'Destination = govee\nDestinaton = x' }),
    )
    const checked = program(['check', file])
    expect(await checked.exit).toBe(0)
    await checked.until(/seed\.ini:21: warning: \[Sensor0\] Destinaton: .*did you mean Destination\?/)
    const strictly = program(['check', file, '--strict'])
    expect(await strictly.exit).toBe(1)
    await strictly.until(/seed\.ini:21: error: /)
  })

  it('says of a file that is not there that it is not there', async () => {
    const checked = program(['check', 'no/such.ini'])
    expect(await checked.exit).toBe(1)
    expect(checked.lines[0]).toMatch(/no\/such\.ini: error: .*(not|no such)/i)
  })
})

describe('decode', () => {
  it('prints one JSON object for each advertisement, and skips what is none with a word', async () => {
    const decoded = program(['decode', '-'])
    for (const line of [kitchen, 'rubbish', '', freezer, '{"address":"a4:c1:38:11:22:33"}']) decoded.say(line)
    decoded.child.stdin.end()
    expect(await decoded.exit).toBe(0)
    const objects = decoded.lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as unknown)
    const [address, name] = ['a4:c1:38:11:22:33', 'GVH5075_2233']
    expect(objects).toEqual([
      { address, name, model: 'H5075', rssi: -61, temperature_c: 21.7, humidity: 50.2, battery: 100 },
      { address, name, model: 'H5075', rssi: -61, temperature_c: -7.3, humidity: 48.1, battery: 100 },
      { address, name, ignored: true },
    ])
    expect(decoded.lines.filter((line) => line.includes('line 2'))).toHaveLength(1)
  })

  it('reads a file as well', async () => {
    const decoded = program(['decode', temporaryFile('one.jsonl', kitchen)])
    expect(await decoded.exit).toBe(0)
    expect(decoded.lines).toHaveLength(1)
  })
})

describe('demo', () => {
  it('shows the whole chain and ends by itself', async () => {
    const shown = program(['demo', '--for', '6'])
    expect(await shown.exit).toBe(0)
    for (const pattern of [
      /GVH5075_F233\/temp_c +-\d+\.\d/,
      /balcony\/pressure_hpa +10\d\d/,
      /bath\/temp_c +2\d\.?\d?/,
      /bell\/button0 +(press|double_press|long_press)/,
      /sensor_reporter\/status +OFFLINE/,
      /sensor_reporter\/refresh/,
    ])
      await shown.until(pattern)
    // The one table after the end says that it is the end.
    expect(shown.lines.filter((line) => line.startsWith('sensor_reporter/status'))).toHaveLength(2)
    expect(shown.lines.filter((line) => line.includes('OFFLINE'))).toEqual([
      expect.stringMatching(/^sensor_reporter\/status +OFFLINE/),
      expect.stringMatching(/^The demo has stopped/),
    ])
  })

  it('uses another port where 1883 is taken', async () => {
    const first = program(['demo'])
    await first.until(/Starting/)
    const second = program(['demo', '--for', '3'])
    expect(await second.exit).toBe(0)
    await second.until(/sensor_reporter\/status +OFFLINE/)
    first.child.kill('SIGINT')
    expect(await first.exit).toBe(0)
    const ports = [first, second].map(
      ({ lines }) => /port (\d+)$/.exec(lines.find((line) => /port \d+$/.test(line)) ?? '')?.[1],
    )
    expect(new Set(ports).size).toBe(2)
  })
})

describe('help', () => {
  it('lists commands and classes', async () => {
    const help = program(['help'])
    expect(await help.exit).toBe(0)
    for (const word of ['run', 'check', 'demo', 'decode', 'govee.govee_sensor.GoveeSensor'])
      await help.until(new RegExp(word.replaceAll('.', '\\.')))
  })

  it('lists the parameters of a class', async () => {
    const help = program(['help', 'mqtt.mqtt_conn.MqttConnection'])
    expect(await help.exit).toBe(0)
    await help.until(/^ {2}TLSinsecure +default NO +\S/)
    await help.until(/^ {2}Password +required +\S/)
  })

  it('says which class was meant', async () => {
    const help = program(['help', 'govee.govee_sensor.GoveSensor'])
    expect(await help.exit).toBe(2)
    await help.until(/Did you mean govee\.govee_sensor\.GoveeSensor\?/)
  })

  it.each([
    ['GoveeSensor', 'govee.govee_sensor.GoveeSensor'],
    ['Govee', 'govee.govee_sensor.GoveeSensor'],
    ['btlesensor', 'bt.btle_sensor.BtleSensor'],
    ['mqtt', 'mqtt.mqtt_conn.MqttConnection'],
  ])('understands %s', async (word, name) => {
    const help = program(['help', word])
    expect(await help.exit).toBe(0)
    expect(help.lines[0]).toMatch(new RegExp(`Class = ${name}$`))
  })

  it.each([
    ['Logic', /Did you mean local\.local_logic\.LogicAnd or .*LogicNot or .*LogicOr\?/],
    ['govee.GoveSensor', /Did you mean govee\.govee_sensor\.GoveeSensor or bt\.govee_sensor\.GoveeSensor\?/],
    ['doctro', /There is no command or class "doctro", did you mean doctor\?/],
  ])('says what %s could mean', async (word, pattern) => {
    const help = program(['help', word])
    expect(await help.exit).toBe(2)
    await help.until(pattern)
  })
})

it('says its version as a command, too', async () => {
  const [command, option] = [program(['version']), program(['--version'])]
  expect([await command.exit, await option.exit]).toEqual([0, 0])
  expect(command.lines).toEqual(option.lines)
})

describe('a wrong command line', () => {
  it.each([
    [[], /CONFIG\.ini/],
    [['run'], /CONFIG\.ini/],
    [['run', 'a.ini', '--speed', 'fast'], /greater than 0, or max/],
    [['scan', '--speed', '0'], /greater than 0, or max/],
    [['demo', '--for', '0'], /greater than 0\.$/],
    [['run', 'a.ini', '--replay', 'no/such/file'], /there is no such file/],
    [['decode', 'nosuch'], /there is no such file/],
    [['check', 'a.ini', '--strickt'], /--strict/],
    [['a.ini', 'b.ini'], /too many arguments/],
    [['doctro'], /There is no command "doctro", did you mean doctor\?/],
    [['chek', 'my.ini'], /There is no command "chek", did you mean check\?/],
    [['scan', 'no/such.ini'], /there is no such file/],
  ])('%j ends with 2 and says what was expected', async (args, pattern) => {
    const wrong = program(args)
    expect(await wrong.exit).toBe(2)
    await wrong.until(pattern)
  })

  it.each([[['--help']], [['run', '--help']], [['demo', '--help']], [['--version']]])(
    '%j is not wrong',
    async (args) => {
      const asked = program(args)
      expect(await asked.exit).toBe(0)
      expect(asked.lines.length).toBeGreaterThan(0)
    },
  )
})

describe('whose reader is gone', () => {
  it.each([
    ['--help'],
    ['run --help'],
    ['--version'],
    ['help'],
    ['help govee.govee_sensor.GoveeSensor'],
    ['version'],
    ['check config/sensor_reporter.ini'],
    ['doctor config/sensor_reporter.ini'],
    ['decode config/demo.jsonl'],
    ['record --replay config/demo.jsonl'],
    ['scan --replay config/demo.jsonl --speed max'],
    ['demo --for 1'],
    ['marble marbles/debounced.txt --output -'],
  ])('%s ends, and well', async (command) => {
    const unread = program(command.split(' '))
    unread.child.stdout.destroy()
    expect(await unread.exit).toBe(0)
    expect(unread.lines.filter((line) => !line.startsWith('recorded advertisements'))).toEqual([])
  })

  it('new has written its files', async () => {
    const folder = dirname(temporaryFile('beside.txt', ''))
    const unread = program(['new', 'sensor', 'attic', folder])
    unread.child.stdout.destroy()
    expect(await unread.exit).toBe(0)
    expect(unread.lines).toEqual([])
    expect(existsSync(join(folder, 'attic.test.js'))).toBe(true)
  })

  it('a wrong command line is still wrong where nobody reads what is', async () => {
    const unread = program(['check', 'a.ini', '--strickt'])
    unread.child.stderr.destroy()
    expect(await unread.exit).toBe(2)
  })

  it('run goes on, whichever of its outputs it is', async () => {
    const log = join(dirname(temporaryFile('beside.txt', '')), 'log.txt')
    const config = temporaryFile('seed.ini', seed(1, { '[Logging]': `[Logging]\nFile = ${log}` }))
    const complains = "data:text/javascript,process.on('SIGHUP',()=>console.error('again'))"
    const unread = program(['run', config, '--replay', '-'], { NODE_OPTIONS: `--import ${complains}` })
    await unread.until(/cannot reach/)
    unread.child.stdout.destroy()
    unread.child.stderr.destroy()
    unread.child.kill('SIGHUP')
    await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 20_000 }).toMatch(/has been read again/)
    await expect
      .poll(() => readFileSync(log, 'utf8'), { timeout: 20_000 })
      .toMatch(/Log lines are lost here: nobody reads them/)
    unread.child.kill('SIGTERM')
    expect(await unread.exit).toBe(0)
    expect(readFileSync(log, 'utf8')).toMatch(/stopped/)
  })

  it.skipIf(!existsSync('/dev/full'))('a disk that is full is no reader that is gone', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" dist/cli.js help > /dev/full', process.execPath],
      { encoding: 'utf8' },
    )
    expect(stderr).toBe('The output cannot be written to its end (ENOSPC): is the disk full?\n')
    expect(status).toBe(3)
  })
})

describe('SIGHUP', () => {
  const early = { NODE_OPTIONS: `--import ${new URL('../support/hangUpEarly.js', import.meta.url).href}` }
  const local = '[Connection1]\nClass = local.local_conn.LocalConnection\nName = local\n'
  const run = () => ['run', temporaryFile('local.ini', local), '--replay', '-']

  it('does not end run that is still being loaded, nor does another one while it stops', async () => {
    const daemon = program(run(), early)
    await daemon.until(/nothing to do/)
    daemon.child.kill('SIGHUP')
    await daemon.until(/has been read again/)
    daemon.child.kill('SIGTERM')
    daemon.child.kill('SIGHUP')
    expect(await daemon.exit).toBe(0)
  })

  it.skipIf(!existsSync('/proc/self/status'))(
    'does not end run however often it comes, from the first moment on that the kernel knows of it',
    async () => {
      const bombarded = async () => {
        const { child, lines, until, exit } = program(run())
        const status = `/proc/${child.pid ?? 0}/status`
        const catchesIt = () => /^SigCgt:.*[13579bdf]$/m.test(readFileSync(status, 'latin1'))
        await expect.poll(catchesIt, { interval: 1, timeout: 20_000 }).toBe(true)
        while (lines.length === 0) {
          child.kill('SIGHUP')
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
        await until(/nothing to do/)
        child.kill('SIGTERM')
        return exit
      }
      expect(await Promise.all([bombarded(), bombarded(), bombarded()])).toEqual([0, 0, 0])
    },
  )

  it('ends other commands, as it ends other programs', async () => {
    const soon = program(['record', '--replay', '-'], early)
    await soon.exit
    expect(soon.child.signalCode).toBe('SIGHUP')

    const later = program(['record', '--replay', '-'])
    later.say(kitchen)
    await later.until(/GVH5075/)
    later.child.kill('SIGHUP')
    await later.exit
    expect(later.child.signalCode).toBe('SIGHUP')
  })
})
