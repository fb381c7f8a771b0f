import { writeFileSync } from 'node:fs'
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
