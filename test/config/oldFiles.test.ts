import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/config/load.js'
import { classes } from '../../src/config/classes.js'
import { sectionProblems } from '../support/sectionProblems.js'
import { check } from './check.js'
import { environment } from './dummies.js'

const pin = ['[Sensor1]', 'Class = gpio.rpi_gpio.RpiGpioSensor', 'Pin = 17']
const dht = [
  ...['[Sensor1]', 'Class = gpio.dht_sensor.DhtSensor', 'Pin = 4', 'Sensor = DHT22', 'Poll = 60'],
  ...['TempDest = t', 'HumiDest = h'],
]
const led = [
  '[Actuator1]',
  'Class = gpio.rpi_gpio.RpiGpioActuator',
  'Connection = MQTT',
  'Pin = 19',
  'CommandSrc = led',
]

/** Without what is said because there is no such connection here. */
const problems = async (...lines: string[]) =>
  (await sectionProblems(...lines)).filter((line) => !/ Connection: |there is no/.test(line))

describe('a file of the Python program', () => {
  it.each(['-1', '0', '5'])('may have Poll = %s where nothing need be polled', async (poll) => {
    expect(await problems(...pin, 'Destination = door', `Poll = ${poll}`)).toEqual([])
    const btle = ['[Sensor1]', 'Class = bt.btle_sensor.BtleSensor', 'Timeout = 60']
    const device = ['Address1 = a4:c1:38:11:22:33', 'Destination1 = me']
    expect(await problems(...btle, ...device, `Poll = ${poll}`)).toEqual([])
  })

  it('may leave out the Destination of a pin whose presses are reported', async () => {
    expect(await problems(...pin, 'Short_Press-Dest = bell')).toEqual([])
    expect(await problems(...pin, 'Long_Press-Dest = bell', 'Long_Press-Threshold = 2')).toEqual([])
    expect(await problems(...pin)).toEqual([
      expect.stringMatching(
        /^1: error: \[Sensor1\] Destination: missing, it is required where there is neither/,
      ),
    ])
  })

  it('may name the chip, which draws a warning where it cannot be that of the header', async () => {
    expect(await problems(...pin, 'Destination = door', 'GpioChip = 0')).toEqual([])
    expect(await problems(...led, 'GpioChip = gpiochip4')).toEqual([])
    expect(await problems(...pin, 'Destination = door', 'GpioChip = 7')).toEqual([
      expect.stringMatching(/^5: warning: \[Sensor1\] GpioChip: the chip of the header is used/),
    ])
  })

  it.each(['HIGH', 'LOW', 'low', 'ON', 'no'])('may have InitialState = %s', async (state) => {
    expect(await problems(...led, `InitialState = ${state}`)).toEqual([])
  })

  it('may have a number for Smoothing', async () => {
    for (const some of ['4', '2.5', '1', 'YES'])
      expect(await problems(...dht, `Smoothing = ${some}`)).toEqual([])
    expect(await problems(...dht, 'Smoothing = often')).toEqual([
      expect.stringMatching(/^8: error: .*got "often"/),
    ])
  })

  it('may have any level of Python', async () => {
    expect(await check('[Logging]\nLevel = CRITICAL')).toContain(
      '2: warning: [Logging] Level: there is no CRITICAL any more: it is taken for ERROR',
    )
    expect(await check('[Logging]\nLevel = notset')).toContain(
      '2: warning: [Logging] Level: there is no NOTSET any more: it is taken for DEBUG',
    )
    // A section without a level of its own has that of [Logging].
    const asked: unknown[] = []
    const { reporter } = await load('[Sensor1]\nClass = test.Constant\nDestination = a\nLevel = NOTSET\n', {
      ...environment,
      getLogger: (name, level) => {
        asked.push([name, level])
        return environment.getLogger()
      },
    })
    for (const sensor$ of reporter?.sensors ?? []) sensor$.subscribe({ error: () => undefined }).unsubscribe()
    expect(asked).toEqual([['Sensor1', undefined]])
  })

  it.each([
    ['Sensor1', 'heartbeat.heartbeat', 'heartbeat.heartbeat.Heartbeat'],
    ['Sensor1', 'rpiGPIOSensor.rpiGPIOSensor', 'gpio.rpi_gpio.RpiGpioSensor'],
    ['Sensor1', 'execSensor.execSensor', 'exec.exec_sensor.ExecSensor'],
    ['Sensor1', 'DHTSensor.DHTSensor', 'gpio.dht_sensor.DhtSensor'],
    ['Actuator1', 'rpiGPIOActuator.rpiGPIOActuator', 'gpio.rpi_gpio.RpiGpioActuator'],
    ['Actuator1', 'execActuator.execActuator', 'exec.exec_actuator.ExecActuator'],
    ['Connection1', 'mqttConn.mqttConnection', 'mqtt.mqtt_conn.MqttConnection'],
  ])('[%s] Class = %s is told its name of today', async (section, old, name) => {
    expect((await sectionProblems(`[${section}]`, `Class = ${old}`)).join('\n')).toContain(
      `got "${old}": did you mean ${name}?`,
    )
  })
})

describe('what is required of a connection', () => {
  it('stays so, and each message says what is usual', async () => {
    const said = (await check('[Connection1]\nClass = mqtt.mqtt_conn.MqttConnection', { classes })).filter(
      (line) => line.includes('missing, it is required'),
    )
    const keys = said.map((line) => /\] (\w+):/.exec(line)?.[1])
    expect(keys.sort()).toEqual([
      'Client',
      'Host',
      'Keepalive',
      'Name',
      'Password',
      'Port',
      'RootTopic',
      'User',
    ])
    const all = said.join('\n')
    for (const usual of [
      'usually 1883, 8883 with TLS',
      'usually 60',
      'usually sensor_reporter',
      'such as MQTT',
    ])
      expect(all).toContain(usual)
    expect(all).toContain(`a name of your own for this machine, such as ${hostname()}`)
  })
})

describe('names that stand for secrets', () => {
  it.each(['ApiKey', 'Pwd', 'BindKey', 'Key', 'Key1', 'Api_Key', 'Password', 'ftp-pwd'])(
    '%s',
    async (key) => {
      const text = `[Connection1]\nClass = mqtt.mqtt_conn.MqttConnection\n${key} = hunter2`
      expect(await check(text, { classes, readableByOthers: true })).toContainEqual(
        expect.stringContaining(`3: warning: [Connection1] ${key}: everybody on this machine can read it`),
      )
    },
  )

  it('do not include the path of a key, or a keep-alive', async () => {
    const text = '[Connection1]\nClass = mqtt.mqtt_conn.MqttConnection\nKey = certs/home.key\nKeepalive = ten'
    const said = (await check(text, { classes, readableByOthers: true })).join('\n')
    expect(said).not.toContain('everybody')
    expect(said).toContain('Keepalive: expected a number of seconds from 0 to 65535, got "ten"')
  })
})
