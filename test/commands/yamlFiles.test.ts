import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { listener } from '../support/listener.js'
import { mosquitto, mosquittoMissing } from '../support/mosquitto.js'
import { program, temporaryFile } from '../support/program.js'
import { scriptedHomeAssistant } from '../support/scriptedHomeAssistant.js'
import { scriptedOpenhab } from '../support/scriptedOpenhab.js'

const mqtt = (port: number, more = '') =>
  `Connection1: {Class: mqtt.mqtt_conn.MqttConnection, Name: mq, Client: test, User: u, Password: hunter2, Host: 127.0.0.1, Port: ${port}, Keepalive: 10, RootTopic: r${more}}`

const load = (where: string) =>
  `SensorLoad: {Class: exec.exec_sensor.ExecSensor, Poll: 60, Script: echo 7, Connections: {${where}}}`

const lamp = (where: string) =>
  `ActuatorLamp: {Class: exec.exec_actuator.ExecActuator, Command: echo, Timeout: 5, Connections: {${where}}}`

describe.skipIf(mosquittoMissing)('a YAML file', () => {
  it('is read again on SIGHUP, and what runs goes on where it cannot be used', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { until, heard, client } = await listener(broker.port)
    const lampThere = lamp('mq: {CommandSrc: lamp/set, StateDest: lamp/is}')
    const textOf = (...sections: readonly string[]) => [mqtt(broker.port), ...sections].join('\n')
    const file = temporaryFile('house.yml', textOf(load('mq: {StateDest: load}'), lampThere))
    const daemon = program(['run', file, '--replay', '-'])
    await until('r/load 7')
    const readAgain = async (text: string, answer: RegExp) => {
      const known = daemon.lines.length
      writeFileSync(file, text)
      daemon.child.kill('SIGHUP')
      await daemon.until(answer, known)
      return daemon.lines.slice(known).filter((line) => line.includes('error: '))
    }

    expect(await readAgain(textOf(load('mq: {StateDest: load/now}'), lampThere), /read again/)).toEqual([])
    await until('r/load/now 7')
    const goesOn = /the configuration read before goes on/
    expect(await readAgain(textOf(load('mq: {StateDest: a/#}'), lampThere), goesOn)).toEqual([
      expect.stringMatching(/house\.yml:2: error: \[SensorLoad\] StateDest: expected .*, got "a\/#"/),
    ])
    expect(await readAgain(textOf('ActuatorLamp: ['), goesOn)).toEqual([
      expect.stringMatching(/house\.yml:2: error: /),
    ])
    await client.publishAsync('r/lamp/set', 'on')
    await until('r/lamp/is on')
    expect(heard.filter((message) => message.startsWith('r/status'))).toEqual(['r/status ONLINE'])
    expect(daemon.lines.join('\n')).not.toContain('hunter2')
  })

  it('is examined by doctor, with its problems by line', async () => {
    const broker = await mosquitto({ users: { u: 'hunter2' } })
    await broker.start()
    const examine = async (sensor: string) => {
      const { lines, exit } = program([
        'doctor',
        temporaryFile('house.yml', `${mqtt(broker.port)}\n${load(sensor)}`),
      ])
      await exit
      expect(lines.join('\n')).not.toContain('hunter2')
      return lines
    }
    const fine = await examine('mq: {StateDest: load}')
    expect(fine).toContainEqual(expect.stringMatching(/^ok {6}.*house\.yml can be used/))
    expect(fine).toContain('ok      [Connection1] the login is accepted')
    expect(fine).toContain('ok      [Connection1] r/ can be written')
    const broken = await examine('mq: {StateDest: a/#}')
    expect(broken).toContainEqual(
      expect.stringMatching(/^not ok {2}.*house\.yml:2: error: \[SensorLoad\] StateDest: expected/),
    )
    expect(broken).toContain('ok      [Connection1] the login is accepted')
  })

  it('is announced to Home Assistant at start, before anything is said, and so is what only takes commands', async () => {
    const broker = await mosquitto()
    await broker.start()
    const home = scriptedHomeAssistant(broker.port)
    home.start()
    const file = temporaryFile(
      'house.yml',
      [
        mqtt(broker.port, ', HomeAssistant: yes'),
        lamp('mq: {CommandSrc: bell/ring}').replace('Lamp:', 'Bell:'),
        lamp('mq: {CommandSrc: lamp/set, StateDest: lamp/is}'),
      ].join('\n'),
    )
    program(['run', file, '--replay', '-'])
    await vi.waitFor(() => expect(home.table()).toMatchObject({ Bell: 'ready', 'Lamp Result': 'unknown' }), {
      timeout: 10_000,
    })
    expect(home.refused).toEqual([])
  })

  it('tells an actuator that its broker is lost, and not at a reload or a stop', async () => {
    const broker = await mosquitto()
    await broker.start()
    const { until, client } = await listener(broker.port)
    const note = temporaryFile('note.sh', 'echo "$@" >> "$0.log"; echo "$@"')
    const onLost = 'ConnectionOnDisconnect: {ChangeState: yes, TargetState: LOST}'
    const textOf = (root: string) =>
      [
        mqtt(broker.port).replace('RootTopic: r', `RootTopic: ${root}`),
        lamp(`mq: {CommandSrc: lamp/set, StateDest: lamp/is, ${onLost}}`).replace('echo', `sh ${note}`),
      ].join('\n')
    const file = temporaryFile('house.yml', textOf('r'))
    const daemon = program(['run', file, '--replay', '-'])
    await until('r/status ONLINE')
    await client.publishAsync('r/lamp/set', 'one')
    await until('r/lamp/is one')
    writeFileSync(file, textOf('s'))
    daemon.child.kill('SIGHUP')
    await until('s/status ONLINE')
    await client.publishAsync('s/lamp/set', 'two')
    await until('s/lamp/is two')
    const lost = () => readFileSync(`${note}.log`, 'utf8').match(/LOST/g)
    expect(lost()).toBe(null)
    await broker.kill()
    await vi.waitFor(() => expect(lost()).toHaveLength(1), { timeout: 10_000 })
    const known = daemon.lines.length
    await broker.start()
    await daemon.until(/connected to broker/, known)
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect(lost()).toHaveLength(1)
  })
})

describe('a YAML file', () => {
  it('is what discovery tells of, along its routes, also of a switch that says nothing', async () => {
    const pin = 'Class: gpio.rpi_gpio.RpiGpioActuator, Pin: 19'
    const { lines, exit } = program([
      'discovery',
      temporaryFile(
        'house.yml',
        [
          mqtt(1, ', HomeAssistant: yes'),
          load('mq: {StateDest: load/now}'),
          `ActuatorFan: {${pin}, Connections: {mq: {CommandSrc: fan/set}}}`,
        ].join('\n'),
      ),
    ])
    expect(await exit).toBe(0)
    const found = lines.flatMap((line) => {
      const { components } = JSON.parse(line.slice(line.indexOf('{'))) as {
        components: Record<string, Record<string, string>>
      }
      return Object.values(components).map(
        ({ platform, state_topic: state = '-', command_topic: command = '-' }) =>
          `${platform} ${state} ${command}`,
      )
    })
    expect(found).toEqual(expect.arrayContaining(['sensor r/load/now -', 'switch - r/fan/set']))
  })
})

describe('a YAML file for openHAB', () => {
  it('says states to Items and takes their commands', async () => {
    const { url, puts, streams, command } = await scriptedOpenhab()
    const openhab = `Connection1: {Class: openhab_rest.rest_conn.OpenhabREST, Name: oh, URL: '${url}', RefreshItem: Refresh, openHAB-Version: 4.3}`
    const file = temporaryFile(
      'house.yaml',
      [openhab, load('oh: {Item: Load}'), lamp('oh: {Item: Lamp}')].join('\n'),
    )
    program(['run', file, '--replay', '-'])
    await streams.until(() => true)
    await puts.until((put) => put === 'PUT Load 7')
    command('Lamp', 'ON')
    await puts.until((put) => put === 'PUT Lamp ON')
    command('Refresh', 'ON')
    await puts.until((put) => put === 'PUT Load 7', puts.entries.indexOf('PUT Load 7') + 1)
  })
})
