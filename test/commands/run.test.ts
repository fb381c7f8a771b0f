import { setTimeout as pause } from 'node:timers/promises'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../src/commands/demo.js'
import { userFolder } from '../examples/userFolder.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { needsNoble } from '../support/needsNoble.js'
import { program, temporaryFile } from '../support/program.js'
import { freezer, kitchen, kitchenMessages, seed } from '../support/seed.js'

describe('run', () => {
  const users = { user: 'password' }

  const login = { username: 'user', password: 'password' }

  const online = 'sensor_reporter/status ONLINE'

  const offline = 'sensor_reporter/status OFFLINE'

  /** The daemon with the seed configuration on a running mosquitto, and somebody who listens there. */
  async function running(replace: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
    const broker = await mosquitto({ users })
    await broker.start()
    const { heard, until, client } = await listener(broker.port, login)
    const file = temporaryFile('seed.ini', seed(broker.port, replace))
    const daemon = program(['run', file, '--replay', '-', ...args])
    await until(online)
    return { broker, heard, until, client, file, daemon }
  }

  describe.skipIf(mosquittoMissing)('run, with mosquitto', () => {
    it('turns an advertisement on standard input into five topics', async () => {
      const { heard, until, daemon } = await running()
      daemon.say(kitchen)
      await until(kitchenMessages.at(-1) ?? '')
      expect(heard).toEqual([online, ...kitchenMessages])
    })

    it('publishes values below zero as they are', async () => {
      const { until, daemon } = await running()
      daemon.say(freezer)
      await until('sensor_reporter/govee/GVH5075_2233/temp_c -7.3')
      await until('sensor_reporter/govee/GVH5075_2233/temp_f 18.9')
      await until('sensor_reporter/govee/GVH5075_2233/humi 48.1')
    })

    it('repeats exactly the latest readings on refresh, whatever the message holds', async () => {
      const { heard, until, client, daemon } = await running()
      daemon.say(freezer)
      daemon.say(kitchen)
      await until(kitchenMessages.at(-1) ?? '')
      for (const payload of ['', Buffer.alloc(60_000, 0xff), 'now']) {
        const before = heard.length
        await client.publishAsync('sensor_reporter/refresh', payload)
        await until(kitchenMessages.at(-1) ?? '', before)
        const repeated = heard.slice(before).filter((text) => !text.startsWith('sensor_reporter/refresh'))
        expect(repeated).toEqual(kitchenMessages)
      }
    })

    it('is OFFLINE by its will when it is killed', async () => {
      const { until, daemon } = await running()
      daemon.child.kill('SIGKILL')
      await until(offline)
    })

    it.each(['SIGTERM', 'SIGINT'] as const)('says OFFLINE and ends with 0 on %s', async (signal) => {
      const { until, daemon } = await running()
      daemon.child.kill(signal)
      expect(await daemon.exit).toBe(0)
      await until(offline)
    })

    it('ends with 0 while the broker hangs', async () => {
      const { broker, daemon } = await running()
      await broker.kill('SIGSTOP')
      const asked = performance.now()
      daemon.child.kill('SIGTERM')
      expect(await daemon.exit).toBe(0)
      // The contract's bound, not a measurement.
      expect(performance.now() - asked).toBeLessThan(5000)
    })

    it('closes the old connection before the new one on reload, and loses nothing that arrives meanwhile', async () => {
      const { heard, until, file, daemon, broker } = await running()
      writeFileSync(file, seed(broker.port, { 'RootTopic = sensor_reporter': 'RootTopic = new' }))
      daemon.child.kill('SIGHUP')
      await daemon.until(/has been read again/)
      daemon.say(kitchen)
      const renamed = kitchenMessages.map((message) => message.replace('sensor_reporter', 'new'))
      await until(renamed.at(-1) ?? '')
      expect(heard).toEqual([online, offline, 'new/status ONLINE', ...renamed])
    })

    it('touches nothing on reload that has not changed', async () => {
      const { heard, until, daemon } = await running()
      daemon.child.kill('SIGHUP')
      await daemon.until(/has been read again/)
      daemon.say(kitchen)
      await until(kitchenMessages.at(-1) ?? '')
      expect(heard).toEqual([online, ...kitchenMessages])
    })

    it('refuses a broken file on reload, says every problem, and goes on as before', async () => {
      const { heard, until, file, daemon, broker } = await running()
      writeFileSync(
        file,
        seed(broker.port, {
          'Keepalive = 10': 'Keepalive = ten',
          'Destination = govee': 'Destination = a/#',
        }),
      )
      daemon.child.kill('SIGHUP')
      await daemon.until(/the configuration read before goes on/)
      const problems = daemon.lines.filter((line) => line.includes('error: '))
      expect(problems).toHaveLength(2)
      expect(problems[0]).toMatch(/seed\.ini:13: error: \[Connection1\] Keepalive: expected .*, got "ten"/)
      expect(problems[1]).toMatch(/seed\.ini:20: error: \[Sensor0\] Destination: expected .*, got "a\/#"/)
      daemon.say(kitchen)
      await until(kitchenMessages.at(-1) ?? '')
      expect(heard).toEqual([online, ...kitchenMessages])
    })

    it('goes on when its input has ended', async () => {
      const { until, client, daemon } = await running()
      daemon.child.stdin.end(kitchen)
      await until(kitchenMessages.at(-1) ?? '')
      await daemon.until(/the replay has ended/)
      await client.publishAsync('sensor_reporter/refresh', '')
      await until(kitchenMessages.at(-1) ?? '', kitchenMessages.length + 1)
    })

    it('never writes the password, at any level, whatever goes wrong with it', async () => {
      const broker = await mosquitto({ users })
      await broker.start()
      const file = temporaryFile(
        'seed.ini',
        seed(broker.port, { 'Password = password': 'Password = hunter2' }),
      )
      const daemon = program(['run', file, '--replay', '-'])
      await daemon.until(/Connection1/)
      writeFileSync(
        file,
        seed(broker.port, { 'Password = password': 'Password hunter2\nPassword = hunter2' }),
      )
      daemon.child.kill('SIGHUP')
      await daemon.until(/cannot be used/)
      daemon.child.kill('SIGTERM')
      expect(await daemon.exit).toBe(0)
      expect(daemon.lines.join('\n')).not.toContain('hunter2')
    })
  })

  describe('run', () => {
    it('says every problem and ends with 1 where the configuration cannot be used', async () => {
      const file = temporaryFile(
        'bad.ini',
        seed(0, { 'Class = govee': 'Class = gove', 'Keepalive = 10': '' }),
      )
      const daemon = program([file])
      expect(await daemon.exit).toBe(1)
      const problems = daemon.lines.filter((line) => line.includes('error: '))
      expect(problems.map((line) => /bad\.ini:(\d+)/.exec(line)?.[1])).toEqual(['5', '12', '19'])
    })

    it('serves itself with --broker', async () => {
      const port = await freePort(0)
      const daemon = program([temporaryFile('seed.ini', seed(port)), '--broker'])
      await daemon.until(/connected/)
      const { until } = await listener(port, login)
      await until(online)
      daemon.child.kill('SIGTERM')
      expect(await daemon.exit).toBe(0)
    })
  })
})

describe('crash', () => {
  const plugin = (fail: string) => `import { NEVER } from 'rxjs'
import { fields, sensorPlugin } from 'sensor-reporter'
export const Late = sensorPlugin({
  summary: 'Fails where nobody can catch it.',
  options: fields.object({}),
  create: (options, { log }) => {
    setTimeout(() => { ${fail} })
    return NEVER
  },
})
`

  const ini = `[Connection1]
Class = local.local_conn.LocalConnection
Name = local
[Sensor1]
Class = ./late.js#Late
[Logging]
Level = DEBUG
`

  /** Runs a configuration with a sensor that fails in this way. */
  function failing(fail: string) {
    const folder = userFolder([])
    writeFileSync(join(folder, 'late.js'), plugin(fail), { mode: 0o600 })
    writeFileSync(join(folder, 'late.ini'), ini, { mode: 0o600 })
    return program(['run', join(folder, 'late.ini'), '--replay', '-'])
  }

  it('says where an error came from that nobody has caught, and gives up with 3', async () => {
    const daemon = failing(`throw new Error('too late')`)
    expect(await daemon.exit).toBe(3)
    expect(daemon.lines.join('\n')).toMatch(
      / ERROR sensor-reporter: giving up: Error: too late \(late\.js:7\)$/m,
    )
  })

  it('shows where it went through the sources, not through the bundle', async () => {
    const inside = `{ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('too late') } }`
    const daemon = failing(`log.info(${inside})`)
    expect(await daemon.exit).toBe(3)
    expect(daemon.lines.join('\n')).toMatch(
      / DEBUG sensor-reporter: +at .*messageText .*\/src\/logging\/records\.ts:\d+/,
    )
  })
})

const deafAdapter = new URL('../support/deafAdapter.js', import.meta.url).href

needsNoble('run, with an adapter that hears nothing', () => {
  it.skipIf(mosquittoMissing)('publishes the state of the radio, and gives up with 3', async () => {
    const broker = await mosquitto({ users: { user: 'password' } })
    await broker.start()
    const { heard, until } = await listener(broker.port, { username: 'user', password: 'password' })
    const file = temporaryFile('deaf.ini', `${seed(broker.port)}\n[Bluetooth]\nSilence = 1\nRestart = 3\n`)
    const daemon = program(['run', file], { NODE_OPTIONS: `--import ${deafAdapter}` })
    expect(await daemon.exit).toBe(3)
    await until('sensor_reporter/status OFFLINE')
    const states = heard.filter((message) => message.startsWith('sensor_reporter/bluetooth'))
    expect(states).toEqual([
      'sensor_reporter/bluetooth LISTENING',
      expect.stringMatching(/^sensor_reporter\/bluetooth DEAF since 20\d\d-\d\d-\d\dT[\d:.]+Z$/),
      'sensor_reporter/bluetooth STOPPED',
    ])
    expect(daemon.lines.join('\n')).toMatch(/giving up: Bluetooth is deaf, and nothing has helped/)
  })
})

describe('reload', () => {
  it.skipIf(mosquittoMissing)(
    'lets a connection and its actuators run on when another one comes',
    async () => {
      const broker = await mosquitto({ users: { user: 'password' } })
      await broker.start()
      const { heard, until, client } = await listener(broker.port, { username: 'user', password: 'password' })
      const lamp = (name: string) =>
        `[Actuator_${name}]\nClass = exec.exec_actuator.ExecActuator\nCommandSrc = ${name}\nResultsDest = ${name}/is\nCommand = echo\n`
      const text = `${seed(broker.port)}\n${lamp('one')}`
      const file = temporaryFile('reload.ini', text)
      const daemon = program(['run', file, '--replay', '-'])
      await until('sensor_reporter/status ONLINE')
      writeFileSync(file, `${text}\n${lamp('two')}`)
      daemon.child.kill('SIGHUP')
      await daemon.until(/has been read again/)
      // The broker may hear of the new topic a little later than we do of the reload.
      while (!heard.some((message) => message.startsWith('sensor_reporter/two/is'))) {
        await client.publishAsync('sensor_reporter/two', 'ON')
        await pause(50)
      }
      daemon.child.kill('SIGTERM')
      expect(await daemon.exit).toBe(0)
      await until('sensor_reporter/status OFFLINE')
      expect(heard.filter((message) => message.startsWith('sensor_reporter/status'))).toEqual([
        'sensor_reporter/status ONLINE',
        'sensor_reporter/status OFFLINE',
      ])
    },
  )

  /** A plug-in that says when it is loaded, which may take its time, and when it runs. */
  const plugin = (name: string, wait = '') => `
console.log('${name} is being loaded')
${wait}
console.log('${name} is loaded')
export const Own = {
  kind: 'sensors',
  summary: 'It says that it runs.',
  options: { shape: {}, safeParse: (data) => ({ success: true, data }) },
  create: (options, { log }) => {
    log.info('${name} runs')
    return new Promise(() => undefined)
  },
}`

  const slow = plugin('slow', 'await new Promise((resolve) => setTimeout(resolve, 1000))')

  /** The daemon with a plug-in, whose file can be replaced. */
  function running(text: string) {
    const ini = temporaryFile('x.ini', '[Sensor1]\nClass = ./own.mjs#Own\n')
    const write = (changed: string) => writeFileSync(join(dirname(ini), 'own.mjs'), changed)
    write(text)
    return { write, daemon: program(['run', ini, '--replay', '-']) }
  }

  describe('a reload', () => {
    it('reads a plug-in again whose file has changed; while that is broken, the one before goes on', async () => {
      const { write, daemon } = running(plugin('first'))
      await daemon.until(/first runs/)
      write('throw new Error("not ready")')
      daemon.child.kill('SIGHUP')
      await daemon.until(/x\.ini:2: error: \[Sensor1\] Class: .*Error: not ready \(own\.mjs:1\): mend it/)
      await daemon.until(/the configuration read before goes on/)
      write(plugin('second'))
      daemon.child.kill('SIGHUP')
      await daemon.until(/second runs/)
    })

    it('that is asked for while another one reads wins', async () => {
      const { write, daemon } = running(plugin('first'))
      await daemon.until(/first runs/)
      write(slow)
      daemon.child.kill('SIGHUP')
      await daemon.until(/slow is being loaded/)
      write(plugin('second'))
      daemon.child.kill('SIGHUP')
      await daemon.until(/second runs/)
      await daemon.until(/slow is loaded/)
      daemon.child.kill('SIGTERM')
      expect(await daemon.exit).toBe(0)
      expect(daemon.lines.join('\n')).not.toContain('slow runs')
      expect(daemon.lines.filter((line) => line.includes('has been read again'))).toHaveLength(1)
    })

    it('that is asked for during the start is what is started', async () => {
      const { write, daemon } = running(slow)
      await daemon.until(/slow is being loaded/)
      write(plugin('second'))
      daemon.child.kill('SIGHUP')
      await daemon.until(/second runs/)
      await daemon.until(/slow is loaded/)
      daemon.child.kill('SIGTERM')
      expect(await daemon.exit).toBe(0)
      expect(daemon.lines.join('\n')).not.toContain('slow runs')
    })
  })

  describe('a stop', () => {
    it('does not wait for a plug-in that never loads', async () => {
      const { daemon } = running(plugin('endless', 'await new Promise(() => undefined)'))
      await daemon.until(/endless is being loaded/)
      daemon.child.kill('SIGTERM')
      expect(await daemon.exit).toBe(0)
    })
  })
})
