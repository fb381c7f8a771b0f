import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../src/commands/freePort.js'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { freezer, kitchen, kitchenMessages, seed } from '../support/seed.js'

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
    for (const payload of ['', Buffer.alloc(300_000, 0xff), 'now']) {
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
      seed(broker.port, { 'Keepalive = 10': 'Keepalive = ten', 'Destination = govee': 'Destination = a/#' }),
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
    const file = temporaryFile('seed.ini', seed(broker.port, { 'Password = password': 'Password = hunter2' }))
    const daemon = program(['run', file, '--replay', '-'])
    await daemon.until(/Connection1/)
    writeFileSync(file, seed(broker.port, { 'Password = password': 'Password hunter2\nPassword = hunter2' }))
    daemon.child.kill('SIGHUP')
    await daemon.until(/cannot be used/)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect(daemon.lines.join('\n')).not.toContain('hunter2')
  })
})

describe('run', () => {
  it('says every problem and ends with 1 where the configuration cannot be used', async () => {
    const file = temporaryFile('bad.ini', seed(0, { 'Class = govee': 'Class = gove', 'Keepalive = 10': '' }))
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
